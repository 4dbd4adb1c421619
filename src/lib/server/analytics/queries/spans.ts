import type { Shape } from '../ask.ts';
import type { SpanKind } from '../spans/known.ts';

/** Condition: the day is in no span, where spans cover some. */
export function ofRest(shape: Pick<Shape, 'spans'>): string {
	return shape.spans ? 'day in {rest:Array(Date)}' : '1';
}

/** Condition of rows of span_sums: the spans that cover the range, within what is asked for and allowed. `products`: these only. */
export function ofSpans(kind: SpanKind, shape: Pick<Shape, 'byCategory'>, products = false): string {
	return `organization_id = {organization:UUID} and kind = '${kind}' and made in {spans:Array(UInt64)}
		and (empty({channels:Array(String)}) or channel in {channels:Array(String)})
		${shape.byCategory ? 'and category in {categories:Array(String)}' : ''}
		${products ? 'and (empty({products:Array(UUID)}) or product_id in {products:Array(UUID)})' : ''}`;
}

/** First day of the span of a row `s`. */
export const spanOf = (days: number) => `toDate(intDiv(toUInt32(s.day), ${days}) * ${days})`;
