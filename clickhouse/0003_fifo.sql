-- What pieces sold take from receipts, where costs are first in, first out. Per owner (the product whose receipts are taken from), day, and
-- product sold: one row with receipt_id zero, and one for each receipt. Costs by period count for all pieces first: `pieces` corrects how many
-- they count for, `taken` counts at unit_cost instead. Returns give back: their signs are turned.
create table if not exists {database}.fifo_takes (
	organization_id UUID,
	generation UInt32,
	-- when it is booked: of a return its own day
	day Date,
	owner UUID,
	product_id UUID,
	category LowCardinality(String),
	-- the order's day
	rate_day Date,
	channel LowCardinality(String),
	currency LowCardinality(String),
	flow Enum8('sold' = 1, 'returned' = 2),
	receipt_id UUID,
	version UInt64,
	deleted UInt8,
	-- pieces of product_id sold or returned
	demand Int64,
	pieces Int64,
	taken Int64,
	cost_currency LowCardinality(String),
	unit_cost Decimal(18, 6)
) engine = ReplacingMergeTree(version, deleted)
order by (organization_id, generation, day, owner, product_id, category, rate_day, channel, currency, flow, receipt_id)
settings index_granularity = 2048;
