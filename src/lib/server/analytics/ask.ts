import type { z } from 'zod';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Unavailable } from '../platform/errors.ts';
import { olapStore } from '../platform/olap.ts';
import { remember } from '../platform/cache.ts';
import { appliedOf, buildsBetween } from './projection/reading.ts';
import { rateTable, type RangeParams } from './queries/parts.ts';
import { keepMissing, type Keeping } from './spans/keep.ts';
import { boundSpans, covered, stampRates } from './spans/known.ts';

/** Which columns and tables a question needs, so that it can read the smallest rollup that answers it. Never a value of a person. */
export interface Shape {
	byCategory: boolean;
	byPlace: boolean;
	/** The organization has exchange rates. */
	converts: boolean;
	granularity: 'hour' | 'day' | 'week' | 'month';
	/** Costs of goods are first in, first out. */
	fifo?: boolean;
	/** Some of the days are in spans whose sums are kept, or all. */
	spans?: 'some' | 'all';
}

/** A question to ClickHouse: SQL with two schemas. Values reach the SQL as query parameters only. */
export interface Question<Params extends z.ZodType, Row extends z.ZodType> {
	name: string;
	/** The only tables the SQL may read. */
	tables: readonly string[];
	params: Params;
	row: Row;
	/** Sums over spans of days that are kept for it (spans/), where its shape allows. */
	kept?(shape: Shape): Keeping | null;
	/** False: the answer is big and asked for once, and is not kept in memory. */
	remembered?: false;
	sql(shape: Shape): string;
}

/** What is read: one generation as of one outbox position. Questions of one page share it and agree with each other. */
export interface Snapshot {
	generation: number;
	position: number;
	/** The zone its days are in: the organization's, but for the moment in which a changed one is being applied. */
	timeZone: string;
	/** The currency whose sums do not keep the days of its rates: the organization's, but for the same moment. */
	currency: string;
}

/** What each question may be narrowed by; `null` is everything. */
export interface Narrowing {
	channels: readonly string[];
	categories: readonly string[];
	countries: readonly string[];
	regions: readonly string[];
}

/** Money of the currency the sums were made in, without days. */
const ADDED_UP = /\bt\.spent\b/;

/** Days after it stand for amounts (projection/worth.ts): only questions that say so read them. */
const LAST_DAY = '2119-12-31';

/** Seconds after which ClickHouse gives a question up. */
const MAX_SECONDS = 10;
const CACHE_SECONDS = 300;

/**
 * The newest facts of the organization.
 * @throws Unavailable while ClickHouse is filled anew from orders that were there before: nothing is better than zeros
 */
export async function snapshotOf(ctx: Ctx): Promise<Snapshot> {
	const state = await appliedOf(ctx.organization.id);
	if (!state && (await soldBefore(ctx.organization.id)))
		throw new Unavailable(
			'The figures are being made anew from your orders, as after an update or a repair. Try again in a minute.',
			5
		);
	return {
		generation: state?.generation ?? 1,
		position: state?.position ?? 0,
		timeZone: state?.timeZone ?? ctx.organization.timeZone,
		currency: state?.currency ?? ctx.organization.currency
	};
}

/** Whether orders have been here for longer than their first facts take. */
async function soldBefore(organizationId: string): Promise<boolean> {
	const found = await inOrganization(
		organizationId,
		({ sql }) =>
			sql`select 1 from orders where organization_id = ${organizationId} and created_at < now() - interval '2 minutes' limit 1`
	);
	return found.length > 0;
}

/**
 * The one door to ClickHouse for people: binds the organization and the member's scope, refuses SQL that could answer without them
 * or reads tables off the question's list, limits its time, tags it, and remembers the answer for the snapshot it belongs to.
 * @throws Unavailable when ClickHouse does not answer in time, or its sums are still of another currency; Error when the question itself is unsafe
 */
export async function ask<Params extends z.ZodType, Row extends z.ZodType>(
	ctx: Ctx,
	question: Question<Params, Row>,
	at: Snapshot,
	narrowing: Narrowing,
	shape: Omit<Shape, 'byCategory' | 'byPlace'>,
	params: z.input<Params>
): Promise<z.output<Row>[]> {
	const channels = within(narrowing.channels, ctx.scope?.channels);
	const categories = within(narrowing.categories, ctx.scope?.categories);
	if (channels === NOTHING || categories === NOTHING) return [];
	const full: Shape = {
		...shape,
		byCategory: categories.length > 0,
		byPlace: narrowing.countries.length > 0 || narrowing.regions.length > 0
	};
	const bound: Record<string, unknown> = {
		...(question.params.parse(params) as Record<string, unknown>),
		channels,
		categories,
		countries: [...narrowing.countries],
		regions: [...narrowing.regions],
		generation: at.generation,
		position: at.position,
		organization: ctx.organization.id
	};
	const sql = question.sql(full);
	assertGuarded(question, sql, full, channels.length > 0);
	// Sums by day stay right but for refunds, which take their own day's rate for the order's. What stands added up has no day at all.
	if (bound.currency !== undefined && bound.currency !== at.currency && ADDED_UP.test(sql))
		throw new Unavailable(
			'The currency was changed, and what each customer spent is being added up in it. Try again in a minute.',
			5
		);
	const tag = `${question.name} ${ctx.organization.id} ${ctx.requestId.replace(/[^\w-]/g, '')}`;
	const key = JSON.stringify([question.name, ctx.organization.id, at.timeZone, full, bound]);
	const answer = async () => {
		try {
			const { database } = olapStore();
			const keeping = question.kept?.(full) ?? null;
			const range = bound as unknown as RangeParams;
			const rateStamps = keeping && stampRates(params as unknown as RangeParams);
			const found = keeping && (await covered(ctx.organization.id, at, keeping.kind, range, rateStamps!));
			const spans = found && found.spans.length > 0 ? (found.rest.length > 0 ? 'some' : 'all') : undefined;
			const read = spans ? question.sql({ ...full, spans }) : sql;
			if (spans) assertGuarded(question, read, full, channels.length > 0);
			const given = {
				...bound,
				...(found && boundSpans(found)),
				...(read.includes('{rateTable:') && rateTable(range)),
				...(read.includes('{builds:') &&
					(await buildsBetween(
						ctx.organization.id,
						at,
						String(bound.from ?? '0000'),
						String(bound.to ?? LAST_DAY)
					)))
			};
			const result = await olapStore()
				.reader()
				.query({
					query: `${withoutEmpty(read, given).replace(TABLE, `$1 ${database}.$2`)}\nsettings max_threads = 1, max_execution_time = ${MAX_SECONDS}, log_comment = '${tag}'`,
					query_params: given,
					format: 'JSONEachRow'
				});
			const parsed = ((await result.json()) as unknown[]).map((row) => question.row.parse(row));
			if (keeping && found) keepMissing(ctx.organization.id, at, keeping, full, range, found);
			return parsed;
		} catch (cause) {
			if (/TIMEOUT_EXCEEDED|ECONNREFUSED|ECONNRESET|socket hang up/.test(`${(cause as Error).message}`)) {
				throw new Unavailable('The figures took too long. Try a shorter range, or again in a moment.', 5);
			}
			throw cause;
		}
	};
	return question.remembered === false ? answer() : remember(key, CACHE_SECONDS, answer);
}

/** A table after from or join; `array join` names a column. */
const TABLE = /(?<!array )\b(from|join)\s+([^\s(,)]+)/gi;

/**
 * Leaves out filters that are empty, `(empty({name:Type}) or condition)`: ClickHouse would read and weigh them, which for a small
 * question is a good part of its time. Exported for its test.
 */
export function withoutEmpty(sql: string, given: Record<string, unknown>): string {
	const found = /\(empty\(\{(\w+):[^}]+\}\) or /.exec(sql);
	if (!found) return sql;
	let end = found.index + found[0].length;
	for (let depth = 1; depth > 0; end++) depth += sql[end] === '(' ? 1 : sql[end] === ')' ? -1 : 0;
	const value = given[found[1]!];
	const isEmpty = value === '[]' || (Array.isArray(value) && value.length === 0);
	const condition = isEmpty ? '1' : `(${sql.slice(found.index + found[0].length, end - 1)})`;
	return sql.slice(0, found.index) + condition + withoutEmpty(sql.slice(end), given);
}

const NOTHING = Symbol('nothing');

/** What is asked for within what is allowed. An absent or empty list is everything. */
function within(asked: readonly string[], allowed: readonly string[] | undefined): string[] | typeof NOTHING {
	if (!allowed) return [...asked];
	const both = asked.length === 0 ? [...allowed] : allowed.filter((value) => asked.includes(value));
	return both.length === 0 ? NOTHING : both;
}

/**
 * Every table is on the question's list and stands with the organization's condition; the scope's parameters are used.
 * Exported for its test.
 */
export function assertGuarded(
	question: Pick<Question<never, never>, 'name' | 'tables'>,
	sql: string,
	shape: Pick<Shape, 'byCategory'>,
	byChannel: boolean
): void {
	const refuse = (why: string) => {
		throw new Error(`The question ${question.name} is refused: ${why}.`);
	};
	if (/;|\b(insert|alter|drop|create|system|attach|outfile|grant|set)\b/i.test(sql))
		refuse('it does more than select');
	const read = [...sql.matchAll(TABLE)].map((match) => match[2]!);
	for (const table of read) if (!question.tables.includes(table)) refuse(`it reads ${table}`);
	if (/\b(?:from|join)\s+\w+\s*\(/i.test(sql)) refuse('it calls a table function');
	if (/\bfrom\s+[^()]*?,\s*\w+\s+where/i.test(sql)) refuse('it joins with a comma');
	const guards = sql.split('organization_id = {organization:UUID}').length - 1;
	if (read.length === 0 || guards < read.length) refuse('a table stands without the organization');
	if (byChannel && !sql.includes('{channels:Array(String)}')) refuse('it ignores the channels');
	if (shape.byCategory && !sql.includes('{categories:Array(String)}')) refuse('it ignores the categories');
}
