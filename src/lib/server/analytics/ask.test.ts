import { expect, test } from 'vitest';
import { assertGuarded } from './ask.ts';
import { ordersByHour, salesByHour } from './queries/hours.ts';
import { currencies, options } from './queries/options.ts';
import { productSales, productSalesUntil, topProducts } from './queries/products.ts';
import { ordersByCategory, sales } from './queries/sales.ts';

const shape = { byCategory: false, byPlace: false, converts: false, granularity: 'day' as const };
const own = 'where organization_id = {organization:UUID}';
const refused =
	(sql: string, given: { byCategory?: boolean; byChannel?: boolean } = {}) =>
	() =>
		assertGuarded(
			{ name: 'try', tables: ['cells', 'sales_facts'] },
			sql,
			{ byCategory: given.byCategory ?? false },
			given.byChannel ?? false
		);

test.each([
	['without the organization', 'select * from cells'],
	['a second table without it', `select * from cells ${own} union all select * from sales_facts`],
	['a joined table without it', `select * from cells join sales_facts on 1 = 1 ${own}`],
	['another table', `select * from applied ${own}`],
	['a table of another database', `select * from system.parts ${own}`],
	['a table function', `select * from file('/etc/passwd') ${own}`],
	['a table function over a query', `select * from cells ${own} union all select * from url('http://x')`],
	['a comma join', `select * from cells, sales_facts ${own}`],
	['two statements', `select 1 from cells ${own}; drop table cells`],
	['a write', `insert into cells select * from cells ${own}`],
	['a condition that is negated away', `select * from cells where organization_id != {organization:UUID}`],
	['nothing at all', 'select 1']
])('refuses %s', (_name, sql) => {
	expect(refused(sql)).toThrow(/is refused/);
});

test('refuses a question that ignores the scope', () => {
	expect(refused(`select * from cells ${own}`, { byChannel: true })).toThrow(/ignores the channels/);
	expect(refused(`select * from cells ${own}`, { byCategory: true })).toThrow(/ignores the categories/);
});

test('every question passes in every shape', () => {
	for (const question of [
		sales,
		ordersByCategory,
		salesByHour,
		ordersByHour,
		topProducts,
		productSales,
		productSalesUntil,
		options,
		currencies
	]) {
		for (const byCategory of [false, true])
			for (const byPlace of [false, true])
				for (const converts of [false, true])
					if (byCategory || question !== ordersByCategory)
						assertGuarded(
							question,
							question.sql({ ...shape, byCategory, byPlace, converts }),
							{ byCategory },
							true
						);
	}
});
