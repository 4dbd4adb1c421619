import { DAY, localToUtc } from '../world/time.ts';

export type FieldValue = number | string | boolean | null;

/** How a field of the search language reads a row: `time` in UTC milliseconds, `id` as the plain number. */
export interface Field<Row> {
	kind: 'time' | 'number' | 'text' | 'flag';
	read: (row: Row) => FieldValue;
}

export interface Search<Row> {
	matches: (row: Row) => boolean;
	/** Fields the resource cannot be searched by: ignored, as Shopify does, with a warning. */
	ignored: string[];
}

type Token = { text: string; quoted: boolean };
type Test<Row> = (row: Row) => boolean;

/** Splits `a:>='x y' AND (b:c OR -d:e)` into words, quoted values stay attached to their field. */
function tokenize(query: string): Token[] {
	const tokens: Token[] = [];
	const pattern =
		/\s*(\(|\)|-?[A-Za-z_.]+:(?:>=|<=|>|<)?(?:'[^']*'|"[^"]*"|[^\s()]+)|'[^']*'|"[^"]*"|[^\s()]+)/g;
	for (const match of query.matchAll(pattern)) {
		tokens.push({ text: match[1]!, quoted: /^['"]/.test(match[1]!) });
	}
	return tokens;
}

/**
 * Compiles Shopify's search syntax: comparisons, quotes, AND, OR, NOT or `-`, parentheses, implicit AND. Dates
 * without a time mean days of the shop's time zone.
 */
export function compileSearch<Row>(
	query: string | null | undefined,
	fields: Record<string, Field<Row>>,
	text: (row: Row) => string,
	zone: string
): Search<Row> {
	const ignored: string[] = [];
	const tokens = tokenize(query ?? '');
	let place = 0;
	const peek = () => tokens[place]?.text.toUpperCase();

	function any(): Test<Row> {
		const tests = [every()];
		while (peek() === 'OR') {
			place++;
			tests.push(every());
		}
		return tests.length === 1 ? tests[0]! : (row) => tests.some((test) => test(row));
	}
	function every(): Test<Row> {
		const tests: Test<Row>[] = [];
		while (place < tokens.length && peek() !== 'OR' && peek() !== ')') {
			if (peek() === 'AND') place++;
			else tests.push(one());
		}
		return (row) => tests.every((test) => test(row));
	}
	function one(): Test<Row> {
		if (peek() === 'NOT') {
			place++;
			const test = one();
			return (row) => !test(row);
		}
		if (peek() === '(') {
			place++;
			const test = any();
			if (peek() === ')') place++;
			return test;
		}
		return term(tokens[place++]!);
	}
	function term(token: Token): Test<Row> {
		const match = token.quoted ? null : /^(-?)([A-Za-z_.]+):(>=|<=|>|<)?(.*)$/s.exec(token.text);
		if (!match) {
			const word = token.text.replace(/^['"]|['"]$/g, '').toLowerCase();
			return (row) => text(row).toLowerCase().includes(word);
		}
		const name = match[2]!;
		const field = fields[name];
		if (!field) {
			ignored.push(name);
			return () => true;
		}
		const test = compare(field, match[3] ?? '', match[4]!.replace(/^['"]|['"]$/g, ''), zone);
		return match[1] ? (row) => !test(row) : test;
	}

	const matches = any();
	return { matches, ignored };
}

function compare<Row>(field: Field<Row>, operator: string, value: string, zone: string): Test<Row> {
	const { read } = field;
	if (field.kind === 'flag') return (row) => read(row) === (value.toLowerCase() === 'true');
	if (field.kind === 'text') {
		const wanted = value.toLowerCase();
		if (wanted === '*') return (row) => Boolean(read(row));
		if (wanted.endsWith('*')) {
			const start = wanted.slice(0, -1);
			return (row) => String(read(row) ?? '').toLowerCase().startsWith(start); // prettier-ignore
		}
		return (row) => String(read(row) ?? '').toLowerCase() === wanted;
	}
	let low = Number(value);
	let high = low;
	if (field.kind === 'time') [low, high] = spanOf(value, zone);
	if (Number.isNaN(low)) return () => false;
	switch (operator) {
		case '>=':
			return (row) => (read(row) as number) >= low;
		case '>':
			return (row) => (read(row) as number) > high;
		case '<=':
			return (row) => (read(row) as number) <= high;
		case '<':
			return (row) => (read(row) as number) < low;
		default:
			return (row) => (read(row) as number) >= low && (read(row) as number) <= high;
	}
}

/** First and last millisecond a date or time names. */
function spanOf(value: string, zone: string): [number, number] {
	if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
		const day = Date.parse(`${value}T00:00:00Z`);
		return [localToUtc(day, zone), localToUtc(day + DAY, zone) - 1];
	}
	const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(value);
	const at = zoned ? Date.parse(value) : localToUtc(Date.parse(`${value}Z`), zone);
	return [at, at];
}
