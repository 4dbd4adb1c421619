import type { ClickHouseClient } from '@clickhouse/client';
import { olapStore } from '../../src/lib/server/platform/olap.ts';
import type { Options } from '../options.ts';
import { median, percentile } from '../percentiles.ts';
import type { Line, Result } from '../report.ts';
import { grow, type Side } from './grow.ts';
import { PANELS } from './list.ts';
import { REFERENCES, timed } from './postgres.ts';
import { ownerOf, statementsOf, type Statement } from './statements.ts';
import { openFilled, type Open } from './store.ts';
import { cachedAnswers } from './users.ts';

/**
 * Each statement that the panels send, without any cache, beside `select 1` over the same connection (P5), beside PostgreSQL on the
 * raw rows (P5), at more lines (P6), and 32 users with the caches and without them (P7).
 */
export async function run(rounds: number, options: Options): Promise<Result> {
	const store = await openFilled(options.lines, options.data);
	try {
		const { statements, keeping } = await statementsOf(PANELS, ownerOf(store.big));
		const perRound = Math.max(5, Math.ceil(options.samples / rounds));
		const lines = [
			...(await panels(store, statements, rounds, perRound)),
			...(options.grow > 0 ? await growth(store, statements, rounds, perRound, options.grow) : []),
			...(await cachedAnswers(store.big, rounds))
		];
		return {
			bench: 'panels',
			lines,
			facts: {
				'order lines': store.big.lines,
				rounds,
				'samples of each': perRound * rounds,
				'seconds to generate': store.seconds.generate,
				'seconds to rebuild': store.seconds.rebuild,
				'seconds to open all panels and keep their sums': keeping
			}
		};
	} finally {
		await store.close();
	}
}

async function panels(
	store: Open,
	statements: readonly Statement[],
	rounds: number,
	perRound: number
): Promise<Line[]> {
	const client = olapStore().reader();
	const ones: number[] = [];
	const own = new Map(statements.map((statement) => [statement, [] as number[]]));
	const postgres = new Map(statements.filter(isReferenced).map((statement) => [statement, [] as number[]]));
	for (const statement of statements) await ask(client, statement.query, statement.params); // warm
	for (let round = 0; round < rounds; round++) {
		console.error(`panels: round ${round + 1} of ${rounds}`);
		for (let n = 0; n < perRound; n++) {
			ones.push(await ask(client, 'select 1 settings max_threads = 1', {}));
			for (const [statement, samples] of own)
				samples.push(await ask(client, statement.query, statement.params));
		}
		for (const [statement, samples] of postgres)
			samples.push(await timed(store.sql, REFERENCES[statement.question]!.sql(store.big, statement)));
	}
	const one = median(ones);
	return [
		...[...own].map(([statement, samples]): Line => ({
			name: `P5 ${title(statement)}: p95`,
			candidate: percentile(samples, 0.95),
			reference: one,
			unit: 'ms',
			gate: { atMost: 10 },
			note: `p50 ${median(samples).toFixed(1)} ms; beside the p50 of select 1`
		})),
		...[...postgres].map(([statement, samples]): Line => ({
			name: `P5 ${title(statement)}: PostgreSQL`,
			candidate: median(samples),
			reference: median(own.get(statement)!),
			unit: 'ms',
			gate: { atLeast: REFERENCES[statement.question]!.gate },
			note: 'on the raw rows, beside the panel'
		}))
	];
}

/** The same statements for a seller with more lines in one store, and for a small one in it and alone. */
async function growth(
	store: Open,
	statements: readonly Statement[],
	rounds: number,
	perRound: number,
	times: number
): Promise<Line[]> {
	const client = olapStore().reader();
	const grown = await grow(store, times);
	try {
		const asked = [];
		for (const statement of statements) asked.push({ statement, sides: await grown.sides(statement) });
		const panels = [...Map.groupBy(asked, ({ statement }) => statement.panel)].map(([panel, own]) => ({
			panel,
			own,
			took: { big: [], grown: [], small: [], alone: [] } as Record<Side, number[]>
		}));
		for (let round = -1; round < rounds; round++) {
			console.error(`growth: round ${round + 1} of ${rounds}`);
			for (let n = 0; n < (round < 0 ? 2 : perRound); n++)
				for (const { own, took } of panels)
					for (const side of ['big', 'grown', 'small', 'alone'] as const) {
						let sum = 0;
						for (const { sides } of own) sum += await ask(client, sides[side].query, sides[side].params);
						if (round >= 0) took[side].push(sum / own.length); // the first round warms
					}
		}
		return panels.flatMap(({ panel, took }): Line[] => [
			{
				name: `P6 ${panel}, a question: p95 at ${times}x the lines`,
				candidate: percentile(took.grown, 0.95),
				reference: percentile(took.big, 0.95),
				unit: 'ms',
				gate: { atMost: 1.5 },
				note: 'all its questions one after the other, the mean; the same at 1x, alone in a database'
			},
			{
				name: `P6 ${panel}, a question: p95 of a small seller beside it`,
				candidate: percentile(took.small, 0.95),
				reference: percentile(took.alone, 0.95),
				unit: 'ms',
				gate: { atMost: 1.3 },
				note: 'the same seller alone in a database'
			}
		]);
	} finally {
		await grown.remove();
	}
}

const title = ({ panel, question }: Statement) => `${panel}: ${question}`;
const isReferenced = ({ question }: Statement) => question in REFERENCES;

/** Milliseconds. A statement that the product would give up counts with the time it took until then. */
async function ask(
	client: ClickHouseClient,
	query: string,
	params: Record<string, unknown>
): Promise<number> {
	const began = performance.now();
	try {
		await (await client.query({ query, query_params: params, format: 'JSONEachRow' })).json();
	} catch (error) {
		if (!/TIMEOUT_EXCEEDED|Timeout exceeded/.test((error as Error).message)) throw error;
	}
	return performance.now() - began;
}
