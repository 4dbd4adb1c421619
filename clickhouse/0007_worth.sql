-- What each person spent in the organization's currency stands ready, and people are summed by it; money by day keeps no cohorts, which have
-- sums of their own. Facts and rollups are read from PostgreSQL anew.
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
truncate table if exists {database}.span_sums;
truncate table if exists {database}.spans;
truncate table if exists {database}.applied;

-- The rates that `worth` was made with, from a position on. A reader whose rates are others takes `spent` and `foreign`.
create table if not exists {database}.worth_rates (
	organization_id UUID,
	generation UInt32,
	position UInt64,
	made UInt64,
	-- 0: they changed for more people than a round makes anew, and a rebuild is on its way
	stands UInt8,
	-- in which people paid, but for the organization's own
	currencies Array(String),
	rate_currencies Array(String),
	rate_days Array(String),
	rates Array(String)
) engine = MergeTree order by (organization_id, generation, position, made);

-- All that a person spent, at the rates of worth_rates.
alter table {database}.customer_cohorts add column if not exists worth Decimal(38, 14);
-- The same, on the day of the last order and on the day that stands for the amount (projection/worth.ts).
alter table {database}.person_days add column if not exists worth Decimal(38, 14);

-- Grain `cohorts`: money by cohort; `sales` has none. Grain `spent`: people by what they spent, a day for each narrow range of amounts; `amounts` has them by
-- each amount within.
alter table {database}.daily_customers modify column grain Enum8('sales' = 1, 'people' = 2, 'second' = 3, 'returning' = 4, 'last' = 5, 'cohorts' = 6, 'spent' = 7, 'amounts' = 8);
alter table {database}.daily_customers add column if not exists worth Decimal(38, 14);
