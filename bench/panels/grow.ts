import { randomUUID } from 'node:crypto';
import { rebuildCells } from '../../src/lib/server/analytics/projection/cells.ts';
import { chunks, rows } from '../../src/lib/server/analytics/projection/clickhouse.ts';
import { rebuildCohorts } from '../../src/lib/server/analytics/projection/cohorts.ts';
import { buildsBetween } from '../../src/lib/server/analytics/projection/reading.ts';
import { readApplied, writeApplied, type Applied } from '../../src/lib/server/analytics/projection/state.ts';
import { profitByProduct, profitOverTime } from '../../src/lib/server/analytics/queries/profit.ts';
import { topProducts } from '../../src/lib/server/analytics/queries/products.ts';
import { keepMissing } from '../../src/lib/server/analytics/spans/keep.ts';
import {
	boundSpans,
	covered,
	stampRates,
	WORTH,
	type SpanKind
} from '../../src/lib/server/analytics/spans/known.ts';
import { backgroundDone } from '../../src/lib/server/platform/background.ts';
import { migrateOlap } from '../../src/lib/server/platform/olap-migrations.ts';
import { olapStore } from '../../src/lib/server/platform/olap.ts';
import type { Statement } from './statements.ts';
import type { Open } from './store.ts';

/** The same statement on four sides. */
export type Side = 'big' | 'grown' | 'small' | 'alone';

export interface Grown {
	/**
	 * A statement as it is asked on each side: the big seller in a database that holds nothing else; one with many times its lines
	 * beside all others; a small one beside them all; the same small one in a database of its own.
	 */
	sides(statement: Statement): Promise<Record<Side, Pick<Statement, 'query' | 'params'>>>;
	seconds: number;
	remove(): Promise<void>;
}

const DAYS_AT_ONCE = 30;
const ALONE = { big: 'bench_big', small: 'bench_small' };

/**
 * Makes a seller of `times` the big one's lines inside ClickHouse: its facts once for each time, under other orders and customers,
 * and their rollups as the product makes them. Raw rows for it are not in PostgreSQL.
 */
export async function grow(store: Open, times: number): Promise<Grown> {
	if (times > 15) throw new Error('At most 15 times the lines.');
	WORTH.rows = 1; // a statement is the same on all sides: the small one's reads spans, too
	const began = performance.now();
	const { database } = olapStore();
	const states = await readApplied([store.big.id, store.small.id]);
	const big = states.get(store.big.id)!;
	const small = states.get(store.small.id)!;
	await putAlone(ALONE.big, big);
	await putAlone(ALONE.small, small);
	const grown = await copies(big, times);
	const asked = async (state: Applied, name: string, { query, params }: Statement) => ({
		query: query.replaceAll(`${database}.`, `${name}.`),
		params: {
			...params,
			...('spans' in params && (await spansOf(state, query, params))),
			...('builds' in params &&
				(await buildsBetween(state.organizationId, state, String(params.from), String(params.to)))),
			organization: state.organizationId,
			generation: state.generation,
			position: state.position
		}
	});
	return {
		seconds: Math.round((performance.now() - began) / 1000),
		sides: async (statement) => ({
			big: await asked(big, ALONE.big, statement),
			grown: await asked(grown, database, statement),
			small: await asked(small, database, statement),
			alone: await asked(small, ALONE.small, statement)
		}),
		remove: async () => {
			const { rebuild } = olapStore();
			for (const name of Object.values(ALONE))
				await rebuild.command({ query: `drop database if exists ${name} sync` });
			for (const table of (await tables()).keys())
				await rebuild.command({
					query: `alter table ${database}.${table} delete where organization_id = '${grown.organizationId}' settings mutations_sync = 1`
				});
		}
	};
}

const KEPT = {
	sales: topProducts,
	profit: profitByProduct,
	days: profitOverTime(false),
	categories: profitOverTime(false)
};

/** The spans of a statement for this seller, made where they are missing. */
async function spansOf(
	state: Applied,
	query: string,
	params: Record<string, unknown>
): Promise<Partial<ReturnType<typeof boundSpans>>> {
	const kind = /\bkind = '(\w+)'/.exec(query)?.[1] as SpanKind | undefined;
	if (!kind) return {};
	const given = params as unknown as Parameters<typeof covered>[3];
	const look = () => covered(state.organizationId, state, kind, given, stampRates(given));
	const shape = {
		byCategory: kind === 'categories',
		byPlace: false,
		converts: given.rates.length > 0,
		granularity: 'day' as const
	};
	keepMissing(state.organizationId, state, KEPT[kind].kept!(shape)!, shape, given, (await look())!);
	await backgroundDone(600_000);
	return boundSpans((await look())!);
}

/** Tables that hold rows of organizations, with their columns. */
async function tables(): Promise<Map<string, string[]>> {
	const { rebuild, database } = olapStore();
	const found = await rows<{ table: string; names: string[] }>(
		rebuild,
		`select table, groupArray(name) as names from (select table, name from system.columns where database = '${database}' order by position)
		group by table having has(names, 'organization_id')`
	);
	return new Map(found.map(({ table, names }) => [table, names]));
}

async function putAlone(name: string, { organizationId }: Applied): Promise<void> {
	const olap = olapStore();
	await olap.rebuild.command({ query: `drop database if exists ${name} sync` });
	await migrateOlap({ ...olap, database: name });
	for (const table of (await tables()).keys()) {
		await olap.rebuild.command({
			query: `insert into ${name}.${table} select * from ${olap.database}.${table} where organization_id = '${organizationId}'`
		});
		await olap.rebuild.command({ query: `optimize table ${name}.${table}` });
	}
}

/** What the rebuild reads from PostgreSQL, copied; what it makes of that is made by its own code. */
const READ = ['sales_facts', 'customer_people', 'product_costs'];
const IDS = ['order_id', 'customer_id', 'person_id'];

async function copies(big: Applied, times: number): Promise<Applied> {
	const { rebuild, database } = olapStore();
	const grown = { ...big, organizationId: randomUUID(), generation: 1 };
	const own = `organization_id = '${big.organizationId}' and generation = ${big.generation}`;
	const columns = await tables();
	for (let n = 0; n < times; n++) {
		console.error(`copying facts: ${n + 1} of ${times}`);
		// the 16th digit from the end: numbers of rows do not reach it
		const other = `toUUID('00000000-0000-0000-000${n.toString(16)}-000000000000')`;
		for (const table of n === 0 ? READ : READ.filter((one) => one !== 'product_costs')) {
			const taken = columns.get(table)!.map((name) => {
				if (name === 'organization_id') return `toUUID('${grown.organizationId}')`;
				if (name === 'generation') return '1';
				if (!IDS.includes(name)) return name;
				return `if(${name} = toUUID('00000000-0000-0000-0000-000000000000'), ${name},
					reinterpretAsUUID(bitXor(reinterpretAsUInt128(${name}), reinterpretAsUInt128(${other}))))`;
			});
			await rebuild.command({
				query: `insert into ${database}.${table} (${columns.get(table)!.join(', ')}) select ${taken.join(', ')} from ${database}.${table}${table === 'product_costs' ? ' final' : ''} where ${own}`
			});
		}
	}
	const days = await rows<{ day: string }>(
		rebuild,
		`select distinct day from ${database}.sales_facts where organization_id = '${grown.organizationId}' order by day`
	);
	await rebuildCohorts(grown);
	let done = 0;
	for (const part of chunks(days, DAYS_AT_ONCE)) {
		await rebuildCells(
			part.map(({ day }) => ({ ...grown, day })),
			'rebuild'
		);
		console.error(`summing days: ${(done += part.length)} of ${days.length}`);
	}
	await writeApplied([grown]);
	return grown;
}
