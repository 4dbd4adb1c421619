import { expect, test } from 'vitest';
import { assertGuarded, withoutEmpty } from './ask.ts';
import { ordersByHour, salesByHour } from './queries/hours.ts';
import { currencies, options } from './queries/options.ts';
import { soldUntil } from './products/earlier.ts';
import { productSales, productSalesUntil, topProducts } from './queries/products.ts';
import { rateTable } from './queries/parts.ts';
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
		soldUntil,
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

test('empty filters are left out, others stay whole', () => {
	const sql = `a and (empty({x:Array(Tuple(Date, UInt64))}) or (day, f(b)) not in {x:Array(Tuple(Date, UInt64))}) and (empty({y:Array(String)}) or c in {y:Array(String)}) d`;
	expect(withoutEmpty(sql, { x: '[]', y: [] })).toBe('a and 1 and 1 d');
	expect(withoutEmpty(sql, { x: `[('2026-01-01',1)]`, y: ['v'] })).toBe(
		'a and ((day, f(b)) not in {x:Array(Tuple(Date, UInt64))}) and (c in {y:Array(String)}) d'
	);
	expect(withoutEmpty(sql, {})).not.toContain('empty(');
});

test('a rate holds until the next one; before the first there is none; the own currency is 1', () => {
	const made = rateTable({
		currency: 'USD',
		rateCurrencies: ['USD', 'EUR', 'EUR', 'GBP'],
		rateDays: ['1970-01-01', '2026-01-01', '2026-01-03', '2026-01-02'],
		rates: ['1', '1.1', '1.2', '1.3']
	});
	expect(made).toEqual({
		tableCurrencies: ['USD', 'EUR', 'GBP'],
		tableStarts: [5, 9, 13],
		tableFrom: '2025-12-31',
		tableDays: 3,
		rateTable: '[0,0,0,0,1,1,1,1,0,1.1,1.1,1.2,0,0,1.3,1.3]'
	});
});
