-- One row per order and day it touches: the sale on the order's day, refunds on theirs. A row replaces the one before by
-- version (the outbox position it was read at); deleted = 1 takes a day back from an order that left it.
-- generation: one full reading of PostgreSQL; a rebuild fills the next one beside the one being read.
create table if not exists {database}.sales_facts (
	organization_id UUID,
	generation UInt32,
	day Date,
	order_id UUID,
	version UInt64 codec(Delta, ZSTD),
	deleted UInt8,
	channel LowCardinality(String),
	connection_id UUID,
	kind LowCardinality(String),
	currency LowCardinality(String),
	country LowCardinality(String),
	region LowCardinality(String),
	-- all zeros for a guest
	customer_id UUID,
	-- 1 on the day of a sale
	orders UInt8,
	-- 1 when the channel has told the sale's price
	priced UInt8,
	units Int64,
	gross Decimal(18, 4),
	discounts Decimal(18, 4),
	refunds Decimal(18, 4),
	shipping Decimal(18, 4),
	tax Decimal(18, 4),
	-- the instant, so that hours of days with 23 and 25 hours come out right
	sold_at DateTime('UTC') codec(Delta, ZSTD),
	-- what the sale is made of; '' is a product without a category
	categories Array(LowCardinality(String)),
	lines Array(Tuple(
		at DateTime('UTC'),
		product_id UUID,
		category LowCardinality(String),
		units Int32,
		gross Decimal(18, 4),
		discounts Decimal(18, 4),
		refunds Decimal(18, 4)
	))
) engine = ReplacingMergeTree(version, deleted) order by (organization_id, generation, day, order_id);

-- Days and customers that an order has ever touched in a generation, so that the days it left are found again.
create table if not exists {database}.order_days (
	organization_id UUID,
	generation UInt32,
	order_id UUID,
	version UInt64,
	days Array(Date),
	customers Array(UUID)
) engine = ReplacingMergeTree(version) order by (organization_id, generation, order_id);

-- A cell is one day of one organization. Its rollup rows carry the build that made them; a reader at a position takes the
-- last build up to it, so it sees one whole build of each day.
create table if not exists {database}.cells (
	organization_id UUID,
	generation UInt32,
	day Date,
	position UInt64,
	build UInt64,
	built_at DateTime default now()
) engine = MergeTree order by (organization_id, generation, day, position, build);

-- Sums of a day at five grains; columns outside a row's grain are empty. orders and priced are filled where they add up:
-- total and place. Orders by category are in daily_order_sets.
create table if not exists {database}.daily_sales_summary (
	organization_id UUID,
	grain Enum8('total' = 1, 'place' = 2, 'category' = 3, 'category_place' = 4, 'product' = 5),
	day Date,
	build UInt64,
	channel LowCardinality(String),
	currency LowCardinality(String),
	country LowCardinality(String),
	region LowCardinality(String),
	category LowCardinality(String),
	product_id UUID,
	orders UInt32,
	priced UInt32,
	units Int64,
	gross Decimal(18, 4),
	discounts Decimal(18, 4),
	refunds Decimal(18, 4)
) engine = MergeTree order by (organization_id, grain, day, build, channel, currency, country, region, category, product_id)
settings index_granularity = 2048;

-- Orders of a day by the set of categories they hold: an order is in one set only, so orders that hold any of some
-- categories are a plain sum.
create table if not exists {database}.daily_order_sets (
	organization_id UUID,
	grain Enum8('total' = 1, 'place' = 2),
	day Date,
	build UInt64,
	channel LowCardinality(String),
	currency LowCardinality(String),
	country LowCardinality(String),
	region LowCardinality(String),
	categories Array(LowCardinality(String)),
	orders UInt32,
	priced UInt32
) engine = MergeTree order by (organization_id, grain, day, build, channel, currency)
settings index_granularity = 2048;

-- The month of each customer's first sale.
create table if not exists {database}.customer_cohorts (
	organization_id UUID,
	generation UInt32,
	customer_id UUID,
	version UInt64,
	deleted UInt8,
	first_day Date,
	cohort_month Date
) engine = ReplacingMergeTree(version, deleted) order by (organization_id, generation, customer_id);

-- What readers see: the highest generation and position of an organization. Days are in time_zone.
create table if not exists {database}.applied (
	organization_id UUID,
	generation UInt32,
	position UInt64,
	time_zone String,
	at DateTime64(3) default now64(3)
) engine = ReplacingMergeTree(position) order by (organization_id, generation);
