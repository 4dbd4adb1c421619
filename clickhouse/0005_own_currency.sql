-- Money in the organization's own currency takes no rate, so its sums need not keep the order's day apart: refunds of a month of orders become
-- one row. What each person spent stands ready. Facts and rollups are read from PostgreSQL anew.
truncate table if exists {database}.sales_facts;
truncate table if exists {database}.order_days;
truncate table if exists {database}.cells;
truncate table if exists {database}.daily_sales_summary;
truncate table if exists {database}.daily_order_sets;
truncate table if exists {database}.daily_profit;
truncate table if exists {database}.daily_money;
truncate table if exists {database}.daily_customers;
truncate table if exists {database}.product_costs;
truncate table if exists {database}.fifo_takes;
truncate table if exists {database}.customer_days;
truncate table if exists {database}.customer_people;
truncate table if exists {database}.customer_cohorts;
truncate table if exists {database}.person_days;
truncate table if exists {database}.applied;

-- The organization's currency when the sums were made: another one has them made anew.
alter table {database}.applied add column if not exists currency String;

-- All that a person spent in that currency, and what in others, by the day whose rate it takes.
alter table {database}.customer_cohorts add column if not exists spent Decimal(18, 4);
alter table {database}.customer_cohorts add column if not exists foreign Array(Tuple(
	rate_day Date,
	currency LowCardinality(String),
	net Decimal(18, 4)
));

-- On the day of a person's last order: how many orders they have. 0 elsewhere.
alter table {database}.person_days add column if not exists placed UInt32;

-- Grain `last`: people by the day of their last order and the number of their orders.
alter table {database}.daily_customers modify column grain Enum8('sales' = 1, 'people' = 2, 'second' = 3, 'returning' = 4, 'last' = 5);
alter table {database}.daily_customers add column if not exists placed UInt32;
