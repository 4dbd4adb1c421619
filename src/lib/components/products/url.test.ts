import { expect, test } from 'vitest';
import { NO_PRODUCT_FILTERS, parseProducts, productsQuery } from './url.ts';

const round = (query: string) => productsQuery(parseProducts(new URLSearchParams(query)));

test.each([
	'',
	'?q=mug',
	'?channel=amazon&channel=walmart',
	'?category=Mugs&category=Pens+%26+ink',
	'?show=no-cost&page=3',
	'?q=a%25b_c&channel=shopify&category=X&show=several&page=2'
])('%s goes round', (query) => expect(round(query)).toBe(query));

test('what cannot be used falls back to its default', () => {
	const odd = '?q=%00&channel=ebay&show=everything&page=-1&category=%00';
	expect(parseProducts(new URLSearchParams(odd))).toEqual(NO_PRODUCT_FILTERS);
});
