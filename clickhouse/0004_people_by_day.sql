-- Figures about customers by day, and money by day without products: facts are read from PostgreSQL anew.
truncate table if exists {database}.sales_facts;
truncate table if exists {database}.order_days;
truncate table if exists {database}.cells;
truncate table if exists {database}.daily_sales_summary;
truncate table if exists {database}.daily_order_sets;
truncate table if exists {database}.daily_profit;
truncate table if exists {database}.product_costs;
truncate table if exists {database}.fifo_takes;
truncate table if exists {database}.customer_days;
truncate table if exists {database}.customer_people;
truncate table if exists {database}.customer_cohorts;
truncate table if exists {database}.applied;

-- What each person adds to a day: customer_cohorts once more, sorted by day. What happened once on a day stands in one row of it.
create table if not exists {database}.person_days (
	organization_id UUID,
	generation UInt32,
	day Date,
	person_id UUID,
	rate_day Date,
	-- where the order was placed
	source LowCardinality(String),
	currency LowCardinality(String),
	version UInt64 codec(Delta, ZSTD),
	deleted UInt8,
	cohort_month Date,
	-- where the person's first order was placed
	acquired LowCardinality(String),
	-- of an order on the day of the first one
	is_new UInt8,
	sold UInt32,
	net Decimal(18, 4),
	-- 1: the person's first order ever, or the first of the month
	first UInt8,
	active UInt8,
	-- days from the first to the second order, on the day of the second; -1 else
	second_after Int32,
	-- the day with an order before this one; 1970-01-01 without
	previous Date
) engine = ReplacingMergeTree(version, deleted) order by (organization_id, generation, day, person_id, rate_day, source, currency)
settings index_granularity = 2048;

-- Sums of a day at four grains; columns outside a row's grain are empty.
create table if not exists {database}.daily_customers (
	organization_id UUID,
	grain Enum8('sales' = 1, 'people' = 2, 'second' = 3, 'returning' = 4),
	day Date,
	build UInt64,
	cohort_month Date,
	acquired LowCardinality(String),
	source LowCardinality(String),
	currency LowCardinality(String),
	rate_day Date,
	is_new UInt8,
	second_after Int32,
	previous Date,
	people UInt32,
	customers UInt32,
	repeat UInt32,
	active UInt32,
	sold UInt32,
	net Decimal(18, 4)
) engine = MergeTree order by (organization_id, grain, day, build, cohort_month, acquired)
settings index_granularity = 2048;

-- daily_profit without categories and products.
create table if not exists {database}.daily_money (
	organization_id UUID,
	day Date,
	build UInt64,
	channel LowCardinality(String),
	currency LowCardinality(String),
	rate_day Date,
	sold Int64,
	returned Int64,
	gross Decimal(18, 4),
	discounts Decimal(18, 4),
	refunds Decimal(18, 4),
	shipping Decimal(18, 4),
	shipping_refunds Decimal(18, 4),
	fees Decimal(18, 4),
	fees_estimated Decimal(18, 4),
	labels Decimal(18, 4),
	labels_estimated Decimal(18, 4),
	other Decimal(18, 4)
) engine = MergeTree order by (organization_id, day, build, channel, currency)
settings index_granularity = 2048;
