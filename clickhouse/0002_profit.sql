-- What else an order earns and costs, and the day whose exchange rate its money takes. Facts and rollups are read from PostgreSQL
-- anew: rows without these columns would look like orders without fees.
truncate table if exists {database}.sales_facts;
truncate table if exists {database}.order_days;
truncate table if exists {database}.cells;
truncate table if exists {database}.daily_sales_summary;
truncate table if exists {database}.daily_order_sets;
truncate table if exists {database}.customer_cohorts;
truncate table if exists {database}.applied;

-- The day on which the order was placed, whatever day this row is: its refunds and fees are converted at its rate and cost.
alter table {database}.sales_facts add column if not exists order_day Date default day;

-- Money besides the lines, by product: shipping, shipping_refund, fee, fee_estimated, label, label_estimated, other, and returned (pieces
-- back in stock). Fees are as the channel tells them: negative costs us. What concerns the whole order is shared out over its products.
alter table {database}.sales_facts add column if not exists parts Array(Tuple(
	part LowCardinality(String),
	product_id UUID,
	category LowCardinality(String),
	currency LowCardinality(String),
	units Int32,
	amount Decimal(18, 4)
));

alter table {database}.daily_sales_summary add column if not exists rate_day Date default day;

-- Profit before costs of goods, by day, channel and product. Costs and rates are joined when asked, at rate_day.
create table if not exists {database}.daily_profit (
	organization_id UUID,
	day Date,
	build UInt64,
	channel LowCardinality(String),
	currency LowCardinality(String),
	rate_day Date,
	category LowCardinality(String),
	-- all zeros for what belongs to no product
	product_id UUID,
	-- pieces of orders whose price is told, and pieces that came back into stock
	sold Int64,
	returned Int64,
	gross Decimal(18, 4),
	discounts Decimal(18, 4),
	refunds Decimal(18, 4),
	shipping Decimal(18, 4),
	shipping_refunds Decimal(18, 4),
	-- positive: what we pay
	fees Decimal(18, 4),
	fees_estimated Decimal(18, 4),
	labels Decimal(18, 4),
	labels_estimated Decimal(18, 4),
	-- positive: what we get
	other Decimal(18, 4)
) engine = MergeTree order by (organization_id, day, build, channel, currency, product_id)
settings index_granularity = 2048;

-- What a piece of a product costs from a day on. A changed cost changes these rows and no rollup.
create table if not exists {database}.product_costs (
	organization_id UUID,
	generation UInt32,
	product_id UUID,
	from_day Date,
	version UInt64,
	deleted UInt8,
	currency LowCardinality(String),
	unit_cost Decimal(18, 6)
) engine = ReplacingMergeTree(version, deleted) order by (organization_id, generation, product_id, from_day);
