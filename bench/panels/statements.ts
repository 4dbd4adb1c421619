import type { ClickHouseClient } from '@clickhouse/client';
import { randomUUID } from 'node:crypto';
import { backgroundDone } from '../../src/lib/server/platform/background.ts';
import { forgetAll } from '../../src/lib/server/platform/cache.ts';
import { permissionsOf } from '../../src/lib/contracts/permissions.ts';
import type { Ctx } from '../../src/lib/server/platform/ctx.ts';
import { olapStore, useOlap } from '../../src/lib/server/platform/olap.ts';
import type { Seller } from './generate.ts';

/** A statement as the product sent it for a person. */
export interface Statement {
	/** The panel, and the question within it. */
	panel: string;
	question: string;
	query: string;
	params: Record<string, unknown>;
}

/** The owner of a seller, as a request of theirs would come. */
export function ownerOf(seller: Seller): Ctx {
	return {
		organization: {
			id: seller.id,
			slug: seller.slug,
			name: 'Bench',
			currency: seller.currency,
			timeZone: seller.timeZone,
			locale: 'en-US',
			plan: 'free',
			isDemo: false
		},
		actor: { kind: 'member', userId: seller.ownerId },
		permissions: new Set(permissionsOf('owner')),
		scope: null,
		requestId: randomUUID()
	};
}

const KEPT_WITHIN = 600_000;

/**
 * Runs each panel's verb and notes what it asks ClickHouse, so that a panel that asks something new is measured without a change here.
 * Each question counts once a panel, at its widest range. The panels are opened once before: whoever opens a range first has the sums of
 * its days made, which is not what all who come later wait for. `keeping` is how many seconds that took.
 */
export async function statementsOf(
	panels: Record<string, (ctx: Ctx) => Promise<unknown>>,
	ctx: Ctx
): Promise<{ statements: Statement[]; keeping: number }> {
	const began = performance.now();
	for (const ask of Object.values(panels)) await ask(ctx);
	await backgroundDone(KEPT_WITHIN);
	forgetAll();
	const keeping = Math.round((performance.now() - began) / 100) / 10;
	const found = new Map<string, Statement>();
	const store = olapStore();
	let panel = '';
	const listening = new Proxy(store.reader(), {
		get(target, name) {
			const value: unknown = Reflect.get(target, name);
			if (name !== 'query') return typeof value === 'function' ? value.bind(target) : value;
			return (given: { query: string; query_params?: Record<string, unknown> }) => {
				const question = /log_comment = '(.+) \S+ \S+'/.exec(given.query)?.[1];
				if (question) note({ panel, question, query: given.query, params: given.query_params ?? {} });
				return target.query(given);
			};
		}
	}) as ClickHouseClient;
	const note = (statement: Statement) => {
		const key = `${statement.panel}: ${statement.question}`;
		const known = found.get(key);
		if (!known || daysOf(statement) > daysOf(known)) found.set(key, statement);
	};
	useOlap({ ...store, reader: () => listening });
	try {
		for (const [name, ask] of Object.entries(panels)) {
			panel = name;
			await ask(ctx);
		}
	} finally {
		useOlap(store);
	}
	return { statements: [...found.values()], keeping };
}

function daysOf({ params }: Statement): number {
	return Date.parse(String(params.to)) - Date.parse(String(params.from)) || 0;
}
