const NO_MONEY = 'toDecimal64(0, 4)';

/**
 * Lines and parts of rows of sales_facts as one list `m`: (currency, category, product, part, pieces, gross, discounts, refunds, amount).
 * Pieces of a line count for cost only where the order's price is told.
 */
export const MOVES = `arrayJoin(arrayConcat(
	arrayMap(l -> (currency, l.category, l.product_id, 'line', toInt64(priced * l.units), l.gross, l.discounts, l.refunds, ${NO_MONEY}), lines),
	arrayMap(x -> (x.currency, x.category, x.product_id, toString(x.part), toInt64(x.units), ${NO_MONEY}, ${NO_MONEY}, ${NO_MONEY}, x.amount), parts)
)) as m`;

/** The columns of daily_profit from `m`: sold, returned, gross ... other, in the table's order. */
export const MOVE_SUMS = [
	['sold', `sumIf(m.5, m.4 = 'line')`],
	['returned', `sumIf(m.5, m.4 = 'returned')`],
	['gross', 'sum(m.6)'],
	['discounts', 'sum(m.7)'],
	['refunds', 'sum(m.8)'],
	['shipping', `sumIf(m.9, m.4 = 'shipping')`],
	['shipping_refunds', `sumIf(m.9, m.4 = 'shipping_refund')`],
	['fees', `-sumIf(m.9, m.4 = 'fee')`],
	['fees_estimated', `-sumIf(m.9, m.4 = 'fee_estimated')`],
	['labels', `-sumIf(m.9, m.4 = 'label')`],
	['labels_estimated', `-sumIf(m.9, m.4 = 'label_estimated')`],
	['other', `sumIf(m.9, m.4 = 'other')`]
] as const;
