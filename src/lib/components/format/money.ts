import { trueMinus } from './minus.ts';

export type MoneyPrecision = 'answer' | 'summary' | 'axis';

type Decimal = string | number;

/**
 * Writes an amount in its currency. `answer` shows all the currency's digits ($186,790.64), `summary` whole
 * units ($56,635), `axis` the short form ($7.5k).
 *
 * Decimal strings from the server are formatted exactly, never through a float.
 * An amount the channel has not told (null) is "unknown", not zero.
 */
export function money(
	amount: Decimal | null | undefined,
	currency: string,
	locale = 'en-US',
	{ precision = 'answer' }: { precision?: MoneyPrecision } = {}
): string {
	if (amount === null || amount === undefined || amount === '') return 'unknown';
	return trueMinus(formatter(currency, locale, precision).formatToParts(exact(amount)));
}

/**
 * The amount in two pieces, so that the cents of a large figure can stand smaller: ['$186,790', '.64'].
 * The second piece is empty in currencies without cents.
 */
export function moneyPieces(
	amount: Decimal | null | undefined,
	currency: string,
	locale = 'en-US'
): [whole: string, fraction: string] {
	if (amount === null || amount === undefined || amount === '') return ['unknown', ''];
	const parts = formatter(currency, locale, 'answer').formatToParts(exact(amount));
	const cut = parts.findIndex((part) => part.type === 'decimal');
	// Where the sign of the currency follows the digits, splitting would tear it off.
	if (cut < 0 || parts.slice(cut).some((part) => part.type === 'currency')) return [trueMinus(parts), ''];
	return [trueMinus(parts.slice(0, cut)), trueMinus(parts.slice(cut))];
}

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(currency: string, locale: string, precision: MoneyPrecision): Intl.NumberFormat {
	const key = `${locale} ${currency} ${precision}`;
	let found = formatters.get(key);
	if (!found) {
		found = new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits[precision] });
		formatters.set(key, found);
	}
	return found;
}

const digits: Record<MoneyPrecision, Intl.NumberFormatOptions> = {
	answer: {},
	summary: { minimumFractionDigits: 0, maximumFractionDigits: 0 },
	axis: {
		notation: 'compact',
		minimumFractionDigits: 0,
		maximumFractionDigits: 1,
		currencyDisplay: 'narrowSymbol'
	}
};

// Intl formats decimal strings digit by digit; its type only admits literal ones.
const exact = (amount: Decimal) => amount as `${number}` | number;
