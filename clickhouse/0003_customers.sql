-- Customers as people: rows of several connections are one person where their e-mail address is the same. Ids only, never an address.
-- What was in customer_cohorts had no reader; facts are read from PostgreSQL anew.
truncate table if exists {database}.sales_facts;
truncate table if exists {database}.order_days;
truncate table if exists {database}.cells;
truncate table if exists {database}.daily_sales_summary;
truncate table if exists {database}.daily_order_sets;
truncate table if exists {database}.daily_profit;
truncate table if exists {database}.product_costs;
truncate table if exists {database}.applied;
drop table if exists {database}.customer_cohorts;

-- What each order adds to its customer, by day: sales_facts once more, narrow and sorted by customer.
create table if not exists {database}.customer_days (
	organization_id UUID,
	generation UInt32,
	customer_id UUID,
	day Date,
	order_id UUID,
	version UInt64 codec(Delta, ZSTD),
	deleted UInt8,
	channel LowCardinality(String),
	currency LowCardinality(String),
	order_day Date,
	sold_at DateTime('UTC'),
	orders UInt8,
	gross Decimal(18, 4),
	discounts Decimal(18, 4),
	refunds Decimal(18, 4)
) engine = ReplacingMergeTree(version, deleted) order by (organization_id, generation, customer_id, day, order_id);

-- Which person a customer's row is; all zeros where it leads to nobody (an address that the channel makes for one order).
create table if not exists {database}.customer_people (
	organization_id UUID,
	generation UInt32,
	customer_id UUID,
	version UInt64,
	person_id UUID
) engine = ReplacingMergeTree(version) order by (organization_id, generation, customer_id);

-- One row per person with at least one sale, and all they ever bought. Days are local to the organization.
create table if not exists {database}.customer_cohorts (
	organization_id UUID,
	generation UInt32,
	person_id UUID,
	version UInt64,
	deleted UInt8,
	customers Array(UUID),
	first_day Date,
	cohort_month Date,
	-- where the first order was placed
	channel LowCardinality(String),
	channels Array(LowCardinality(String)),
	last_day Date,
	orders UInt32,
	-- days from the first to the second order; -1 without a second
	second_after Int32,
	-- months with a sale, counted from the first
	months Array(UInt16),
	days Array(Tuple(
		day Date,
		rate_day Date,
		channel LowCardinality(String),
		currency LowCardinality(String),
		orders UInt32,
		net Decimal(18, 4)
	))
) engine = ReplacingMergeTree(version, deleted) order by (organization_id, generation, person_id)
settings index_granularity = 2048;
