-- Sums over some days, kept for whoever asks for these days next: what a long range reads instead of every product of every day. Made from the
-- rollups, costs and rates as they were; what they were made of is in `spans`, and a reader takes only those of which nothing has changed since.
create table if not exists {database}.span_sums (
	organization_id UUID,
	-- sales and profit by product, over 4, 16 or 64 days; days and categories are profit by day, without products
	kind Enum8('sales' = 1, 'profit' = 2, 'days' = 3, 'categories' = 4),
	-- names one span of one making
	made UInt64,
	first Date,
	channel LowCardinality(String),
	category LowCardinality(String),
	product_id UUID,
	-- of profit: pieces of orders whose price is told
	units Int64,
	-- money in the organization's currency, at the rate of each order's day; of sales the net alone
	net Decimal(38, 14),
	gross Decimal(38, 14),
	discounts Decimal(38, 14),
	refunds Decimal(38, 14),
	shipping Decimal(38, 14),
	shipping_refunds Decimal(38, 14),
	fees Decimal(38, 14),
	fees_estimated Decimal(38, 14),
	labels Decimal(38, 14),
	labels_estimated Decimal(38, 14),
	other Decimal(38, 14),
	cogs Decimal(38, 16),
	uncosted Decimal(38, 0),
	cost_unconverted Decimal(38, 0)
) engine = MergeTree order by (organization_id, kind, made, product_id)
settings index_granularity = 2048;

-- Which sums there are, written after them. builds, costs and rates are stamps (analytics/spans/stamps.ts) of what they were made of.
create table if not exists {database}.spans (
	organization_id UUID,
	kind Enum8('sales' = 1, 'profit' = 2, 'days' = 3, 'categories' = 4),
	days UInt8,
	first Date,
	made UInt64,
	currency LowCardinality(String),
	builds UInt64,
	costs UInt64,
	-- the currencies whose rates went in, and the first day whose rate did
	currencies Array(LowCardinality(String)),
	rate_from Date,
	rates UInt64,
	made_at DateTime default now()
) engine = MergeTree order by (organization_id, kind, days, first, made);
