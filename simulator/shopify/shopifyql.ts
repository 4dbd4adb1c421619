import { ledgerOf } from '../world/ledger.ts';
import type { Shop } from '../world/model.ts';
import { DAY, dayIn } from '../world/time.ts';
import { visitsOf } from '../world/visits.ts';

type Row = Record<string, string>;

const rate = (part: number, whole: number) => String(whole ? Math.round((1e6 * part) / whole) / 1e6 : 0);

/** Columns by table, with their data type. */
const COLUMNS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	sessions: {
		sessions: 'INTEGER',
		online_store_visitors: 'INTEGER',
		pageviews: 'INTEGER',
		sessions_with_cart_additions: 'INTEGER',
		sessions_that_reached_checkout: 'INTEGER',
		sessions_that_completed_checkout: 'INTEGER',
		conversion_rate: 'PERCENT'
	},
	sales: {
		orders: 'INTEGER',
		gross_sales: 'MONEY',
		discounts: 'MONEY',
		returns: 'MONEY',
		net_sales: 'MONEY',
		shipping_charges: 'MONEY',
		taxes: 'MONEY'
	}
};

const QUERY =
	/^FROM (\w+) SHOW ([\w, ]+?)(?: (?:TIMESERIES|GROUP BY) (day))?(?: WITH [\w, ]+?)?(?: SINCE (\S+))?(?: UNTIL (\S+))?(?: ORDER BY \w+(?: (?:ASC|DESC))?)?(?: LIMIT \d+)?$/i;

/**
 * Answers a small part of ShopifyQL: `FROM sessions SHOW sessions, conversion_rate TIMESERIES day SINCE 2026-10-01 UNTIL
 * 2026-10-31`, the same FROM sales. Days are of the shop's zone; dates may be relative (-30d, today, yesterday).
 */
export function answerShopifyql(shop: Shop, text: string, now: number) {
	const query = QUERY.exec(text.replace(/\s+/g, ' ').trim());
	if (!query) return failed(`Syntax error in "${text.slice(0, 60)}"`);
	const [, tableName, list, timeseries, since, until] = query;
	const table = COLUMNS[tableName!.toLowerCase()];
	if (!table) return failed(`Unknown table "${tableName}"`);
	const names = list!.split(',').map((name) => name.trim().toLowerCase());
	const unknown = names.find((name) => !(name in table));
	if (unknown !== undefined) return failed(`Unknown column "${unknown}"`);
	const last = dateOf(until ?? 'today', shop.zone, now);
	const first = dateOf(since ?? '-30d', shop.zone, now);
	if (first === null || last === null) return failed('Unknown date');
	const rows = tableName!.toLowerCase() === 'sales' ? sales(shop, first, last) : sessions(shop, first, last);
	const shown = timeseries ? rows : [total(rows, names, table)];
	const columns = [
		...(timeseries ? [{ name: 'day', dataType: 'DAY_TIMESTAMP', displayName: 'Day' }] : []),
		...names.map((name) => ({ name, dataType: table[name]!, displayName: titled(name) }))
	];
	return {
		parseErrors: [],
		tableData: {
			columns,
			rows: shown.map((row) => Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? '0'])))
		}
	};
}

function failed(message: string) {
	return { parseErrors: [message], tableData: null };
}

function titled(name: string): string {
	return (name[0]!.toUpperCase() + name.slice(1)).replaceAll('_', ' ');
}

function dateOf(text: string, zone: string, now: number): string | null {
	if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
	const back = /^-(\d+)d$/.exec(text)?.[1] ?? { today: '0', yesterday: '1' }[text.toLowerCase()];
	return back === undefined ? null : dayIn(now - Number(back) * DAY, zone);
}

function sessions(shop: Shop, first: string, last: string): Row[] {
	return visitsOf(shop, shop.zone, first, last).map((row) => ({
		day: row.day,
		sessions: String(row.sessions),
		online_store_visitors: String(row.visitors),
		pageviews: String(row.pageviews),
		sessions_with_cart_additions: String(row.cart),
		sessions_that_reached_checkout: String(row.checkout),
		sessions_that_completed_checkout: String(row.completed),
		conversion_rate: rate(row.completed, row.sessions)
	}));
}

function sales(shop: Shop, first: string, last: string): Row[] {
	return ledgerOf(shop, shop.zone, first, last).map((row) => ({
		day: row.day,
		orders: String(row.orders),
		gross_sales: row.gross,
		discounts: `-${row.discounts}`,
		returns: `-${row.refunds}`,
		net_sales: row.net,
		shipping_charges: row.shipping,
		taxes: row.tax
	}));
}

function total(rows: readonly Row[], names: readonly string[], table: Readonly<Record<string, string>>): Row {
	const sum = (name: string) => rows.reduce((all, row) => all + Number(row[name]), 0);
	return Object.fromEntries(
		names.map((name) => {
			if (name === 'conversion_rate')
				return [name, rate(sum('sessions_that_completed_checkout'), sum('sessions'))];
			return [name, table[name] === 'MONEY' ? sum(name).toFixed(2) : String(sum(name))];
		})
	);
}
