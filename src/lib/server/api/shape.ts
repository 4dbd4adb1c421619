import { z } from 'zod';

/** JSON text of a number that keeps its digits; TypeScript's library does not know it yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

const moneys = new WeakMap<z.ZodType, { exact: boolean }>();

/** An amount: a JSON number with the digits of the `currency` beside it (12.50 in USD, 1250 in JPY). */
export function money(description?: string) {
	const schema = z.number().meta({ description: description ?? 'In `currency`, with its digits.' });
	moneys.set(schema, { exact: false });
	return schema;
}

/** The price or cost of one piece: may carry fractions of a cent, at least the currency's digits. */
export function unitMoney(description?: string) {
	const schema = z
		.number()
		.meta({ description: description ?? 'In `currency`; may carry fractions of a cent.' });
	moneys.set(schema, { exact: true });
	return schema;
}

/**
 * A verb's answer in the API's form: only the fields of the schema, `placed_at` read from `placedAt`, decimal strings as numbers,
 * amounts with the digits of the nearest `currency`.
 * @throws Error where the value lacks what the schema promises: the document would be wrong
 */
export function shape(schema: z.ZodType, value: unknown, currency: string, at = 'answer'): unknown {
	const amount = moneys.get(schema);
	if (amount) return number(value, at, (text) => digits(text, currency, amount.exact));
	const { def } = schema as unknown as { def: Def };
	switch (def.type) {
		case 'object':
			return object(def.shape!, value, currency, at);
		case 'array':
			if (!Array.isArray(value)) throw missing(at, value);
			return value.map((item) => shape(def.element!, item, currency, `${at}[]`));
		case 'record':
			if (typeof value !== 'object' || value === null) throw missing(at, value);
			return Object.fromEntries(
				Object.entries(value).map(([key, item]) => [
					key,
					shape(def.valueType!, item, currency, `${at}.${key}`)
				])
			);
		case 'nullable':
			return value === null || value === undefined ? null : shape(def.innerType!, value, currency, at);
		case 'optional':
			return value === undefined ? undefined : shape(def.innerType!, value, currency, at);
		case 'number':
			return number(value, at, (text) => text);
		case 'string':
			if (value instanceof Date) return value.toISOString();
			if (typeof value !== 'string') throw missing(at, value);
			return value;
		case 'any':
		case 'unknown':
			return value;
		default:
			if (value === undefined) throw missing(at, value);
			return value;
	}
}

interface Def {
	type: string;
	shape?: Record<string, z.ZodType>;
	element?: z.ZodType;
	innerType?: z.ZodType;
	valueType?: z.ZodType;
}

function object(fields: Record<string, z.ZodType>, value: unknown, currency: string, at: string): object {
	if (typeof value !== 'object' || value === null) throw missing(at, value);
	const given = value as Record<string, unknown>;
	const own = typeof given.currency === 'string' ? given.currency : currency;
	return Object.fromEntries(
		Object.entries(fields).map(([name, schema]) => {
			const verb = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
			return [name, shape(schema, name in given ? given[name] : given[verb], own, `${at}.${name}`)];
		})
	);
}

function number(value: unknown, at: string, write: (text: string) => string): unknown {
	if (typeof value === 'number' && Number.isFinite(value)) return rawJSON(write(String(value)));
	if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return rawJSON(write(value));
	throw missing(at, value);
}

const places = new Map<string, number>();

/** How many digits a currency has behind the point: 2 where nobody knows it. */
export function digitsOf(currency: string): number {
	let known = places.get(currency);
	if (known === undefined) {
		known = /^[A-Z]{3}$/.test(currency)
			? new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits!
			: 2;
		places.set(currency, known);
	}
	return known;
}

/** An amount as text with the digits of its currency, for values that only sometimes are money. */
export function amountText(text: string, currency: string): string {
	return digits(text, currency, false);
}

/** A decimal rounded half away from zero to the currency's digits, or filled up to them. */
function digits(text: string, currency: string, exact: boolean): string {
	const most = digitsOf(currency);
	const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?/.exec(text)!;
	if (fraction.length <= most || exact) {
		const kept = fraction.replace(/0+$/, '').padEnd(most, '0');
		return (sign + whole + (kept && `.${kept}`)).replace(/^-(0(\.0+)?)$/, '$1');
	}
	const up = fraction.charCodeAt(most) >= 53 ? 1n : 0n;
	const all = (BigInt(whole + fraction.slice(0, most)) + up).toString().padStart(most + 1, '0');
	const rounded = most === 0 ? all : `${all.slice(0, -most)}.${all.slice(-most)}`;
	return (sign + rounded).replace(/^-(0(\.0+)?)$/, '$1');
}

function missing(at: string, value: unknown): Error {
	return new Error(`The API promises ${at}, the verb answered ${value === null ? 'null' : typeof value}.`);
}
