import { parseGraphqlOrder } from '../src/lib/server/channels/shopify/parse-order.ts';
import { writeInTurn } from '../src/lib/server/channels/sync/in-turn.ts';
import { parseNodes } from '../src/lib/server/channels/sync/write.ts';
import { record } from '../src/lib/server/live/index.ts';
import { recordOrders, type ChannelOrder } from '../src/lib/server/orders/index.ts';
import { bootPlatform } from '../src/lib/server/platform/boot.ts';
import { parseSettings } from '../src/lib/server/platform/settings.ts';
import { copyIn, copyOut } from './copy.ts';
import { orderNode } from './order-node.ts';
import { median } from './percentiles.ts';
import { temporaryFolder } from './process.ts';
import type { Result } from './report.ts';
import { openStore, plantShop, plantTenant } from './tenants.ts';

/** Orders of one round, each with three lines; the shop has 5,000 buyers and 200 products. */
const ORDERS = 10_000;
const BATCH = 1000;
/** What a first sync fills; copied back row for row as the reference. */
const TABLES = ['customers', 'orders', 'order_lines', 'order_payloads'];

/**
 * The first sync's way from the channel's JSON to committed rows (parsed, validated, idempotent, under row-level security, with its
 * outbox events), beside COPY of the very same rows into the same tables by their owner, without any of it.
 */
export async function run(rounds: number): Promise<Result> {
	const folder = temporaryFolder('ingest');
	const platform = await bootPlatform(parseSettings({ DATA_DIR: folder.path, LOG_LEVEL: 'warn' }));
	const sql = openStore(folder.path);
	const perSecond: { candidate: number[]; replay: number[]; reference: number[] } = {
		candidate: [],
		replay: [],
		reference: []
	};
	try {
		// the first round warms both sides and fills the catalogue; it is not counted
		for (let round = -1; round < rounds; round++) {
			const tenant = await plantTenant(sql);
			const shop = await plantShop(sql, folder.path, tenant);
			const scope = { organizationId: tenant.id, connectionId: shop.connectionId };
			const lines = Array.from({ length: ORDERS }, (_, n) => JSON.stringify(orderNode(n)));
			const candidate = await timed(() => ingest(scope, lines));
			const replay = await timed(() => ingest(scope, lines));
			const copies: Buffer[] = [];
			for (const table of TABLES) copies.push(await copyOut(sql, table, tenant.id));
			await sql`delete from connections where id = ${shop.connectionId}`;
			await sql`insert into connections (id, organization_id, channel, external_id, name, status, auth_method)
				values (${shop.connectionId}, ${tenant.id}, 'shopify', ${shop.domain}, 'Copied', 'healthy', 'access_token')`;
			const reference = await timed(() => copyIn(sql, TABLES, copies));
			if (round < 0) continue;
			perSecond.candidate.push(ORDERS / candidate);
			perSecond.replay.push(ORDERS / replay);
			perSecond.reference.push(ORDERS / reference);
		}
		const ratios = perSecond.candidate.map((figure, round) => figure / perSecond.reference[round]!);
		const reference = median(perSecond.reference);
		return {
			bench: 'ingest',
			lines: [
				{
					name: 'first sync: orders written',
					candidate: reference * median(ratios),
					reference,
					unit: 'orders/s',
					gate: { atLeast: 0.6 },
					note: `ratio by round: ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}`
				},
				{
					name: 'the same again: nothing changes',
					candidate: median(perSecond.replay),
					reference,
					unit: 'orders/s',
					gate: null
				}
			],
			facts: { rounds, 'orders a round': ORDERS, 'lines per order': 3, 'orders a commit': BATCH }
		};
	} finally {
		await sql.end({ timeout: 2 });
		await platform.stop();
		await folder.remove();
	}
}

/** As the first sync of a shop does: two batches under way, the next one parsed meanwhile. */
function ingest(
	scope: { organizationId: string; connectionId: string },
	lines: readonly string[]
): Promise<void> {
	return writeInTurn(parsedBatches(lines), (orders, turn) =>
		record(scope.organizationId, async (tx) => {
			const { events } = await recordOrders(
				tx,
				orders.map((order) => ({ ...scope, channel: 'shopify', timeZone: 'UTC', order })),
				{ locked: turn?.locked }
			);
			await turn?.before();
			return { result: undefined, events };
		})
	);
}

async function* parsedBatches(lines: readonly string[]): AsyncGenerator<ChannelOrder[]> {
	for (let from = 0; from < lines.length; from += BATCH) {
		const nodes = lines.slice(from, from + BATCH).map((line) => JSON.parse(line) as Record<string, unknown>);
		const { rows, dead } = await parseNodes({ parse: parseGraphqlOrder }, nodes, 'bulk');
		if (dead.length > 0) throw new Error(dead[0]!.error);
		yield rows.map(({ parsed }) => parsed);
	}
}

async function timed(work: () => Promise<void>): Promise<number> {
	const begun = performance.now();
	await work();
	return (performance.now() - begun) / 1000;
}
