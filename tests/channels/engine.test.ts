import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { replayDeadLetters } from '../../src/lib/server/channels/index.ts';
import type { ChannelClient, RunContext } from '../../src/lib/server/channels/channel.ts';
import { loadConnection } from '../../src/lib/server/channels/connection-rows.ts';
import { ChannelError, PageLost } from '../../src/lib/server/channels/error.ts';
import type { Json } from '../../src/lib/server/channels/json.ts';
import { changeStatus } from '../../src/lib/server/channels/status.ts';
import { receiveHints, type Hint } from '../../src/lib/server/channels/intake/hints.ts';
import { loopGuard } from '../../src/lib/server/channels/sync/loop-guard.ts';
import { performRun } from '../../src/lib/server/channels/sync/perform.ts';
import { postponeRun, queueRun, takeRun } from '../../src/lib/server/channels/sync/runs.ts';
import { readChanges, type Span, type WindowPlan } from '../../src/lib/server/channels/sync/window.ts';
import { Unparsable } from '../../src/lib/server/channels/unparsable.ts';
import { backgroundDone } from '../../src/lib/server/platform/background.ts';
import { inOrganization, type Tx } from '../../src/lib/server/platform/db.ts';
import { newId } from '../../src/lib/server/platform/ids.ts';
import { asSystem } from '../../src/lib/server/platform/system.ts';
import { makeOrganization, type TestOrganization } from '../factories/organization.ts';

const sent = vi.hoisted(() => [] as { to: string; subject: string; idempotencyKey: string }[]);
const queued = vi.hoisted(() => [] as { name: string; payload: unknown }[]);
vi.mock('../../src/lib/server/platform/queue.ts', () => ({
	enqueue: async ({ name }: { name: string }, payload: unknown) => void queued.push({ name, payload })
}));
vi.mock('../../src/lib/server/platform/mail.ts', () => ({
	send: async (mail: (typeof sent)[number]) => void sent.push(mail)
}));

let organization: TestOrganization;
let connectionId: string;
beforeEach(async () => {
	organization = await makeOrganization();
	connectionId = await connect();
});
afterEach(() => {
	sent.length = 0;
	queued.length = 0;
});

async function connect(name = 'S1'): Promise<string> {
	const id = newId();
	await inOrganization(
		organization.organization.id,
		({ sql }) => sql`
		insert into connections (id, organization_id, channel, external_id, name, status, auth_method)
		values (${id}, ${organization.organization.id}, 'amazon', ${name}, ${name}, 'healthy', 'amazon_lwa')`
	);
	return id;
}
const place = () => ({ organizationId: organization.organization.id, id: connectionId });

interface Row {
	id: number;
	at: number;
}
/** A channel that holds rows and tells them page by page; `trouble` may refuse a page. */
function channel(
	rows: readonly Row[],
	trouble: (span: Span, page: number) => void = () => {}
): { plan: WindowPlan<ChannelClient, Row>; seen: number[]; spans: Span[] } {
	const seen: number[] = [];
	const spans: Span[] = [];
	const plan: WindowPlan<ChannelClient, Row> = {
		resource: 'orders',
		halves: true,
		overlapMs: 60_000,
		async *pages(_context, span, after) {
			spans.push(span);
			const inside = rows.filter(
				({ at }) => at >= (span.from === null ? 0 : Date.parse(span.from)) && at <= Date.parse(span.to)
			);
			for (let page = after === null ? 0 : Number(after); ; page++) {
				trouble(span, page);
				const nodes = inside.slice(page * 10, page * 10 + 10).map((row) => ({ ...row }) as unknown as Json);
				const last = (page + 1) * 10 >= inside.length;
				yield { nodes, cursor: last ? null : String(page + 1) };
				if (last) return;
			}
		},
		parse(node) {
			if (node.id === 13) throw new Unparsable('This row has no sense.');
			return node as unknown as Row;
		},
		async write(_tx: Tx, _context, some) {
			seen.push(...some.map(({ id }) => id));
			return { written: some.length, unchanged: 0, events: [] };
		}
	};
	return { plan, seen, spans };
}

async function context(): Promise<RunContext> {
	const connection = await inOrganization(organization.organization.id, (tx) =>
		loadConnection(tx, organization.organization.id, connectionId)
	);
	return {
		connection,
		channelLabel: 'Amazon',
		timeZone: 'UTC',
		run: { id: null } as never,
		client: { traffic: { requests: 0, retries: 0 } },
		signal: new AbortController().signal,
		progress: { all: {}, total: () => {}, add: () => {} },
		assertWanted: () => {}
	};
}
const cursor = () =>
	inOrganization(organization.organization.id, async ({ sql }) => {
		const [row] = await sql<
			{ syncedTo: Date | null; state: object }[]
		>`select synced_to, state from sync_cursors where connection_id = ${connectionId} and resource = 'orders'`;
		return row;
	});
const rowsOf = (count: number, end = Date.now() - 60_000) =>
	Array.from({ length: count }, (_, index) => ({ id: index + 100, at: end - (count - index) * 60_000 }));

describe('windows of changes', () => {
	test('bring every row once, and the next run begins a little before the last one ended', async () => {
		const rows = rowsOf(45);
		const { plan, seen, spans } = channel(rows);
		await readChanges(await context(), plan, new Date(rows[0]!.at));
		expect(seen).toEqual(rows.map(({ id }) => id));
		await readChanges(await context(), plan);
		expect(Date.parse(spans[0]!.to) - Date.parse(spans[1]!.from!)).toBe(60_000);
	});

	test('a place that is lost in the middle costs nothing: what was read stays, the window is begun anew', async () => {
		const rows = rowsOf(45);
		let lost = 0;
		const { plan, seen } = channel(rows, (_span, page) => {
			if (page === 2 && lost++ === 0) throw new PageLost('The token ended.');
		});
		await readChanges(await context(), plan, new Date(rows[0]!.at));
		expect([...new Set(seen)]).toEqual(rows.map(({ id }) => id));
		expect((await cursor())!.state).toEqual({});
	});

	test('a window that is too long for its token is halved until it holds, and nothing is left out', async () => {
		const rows = rowsOf(200);
		const { plan, seen, spans } = channel(rows, (_span, page) => {
			if (page === 4) throw new PageLost('The token ended.');
		});
		await readChanges(await context(), plan, new Date(rows[0]!.at));
		expect([...new Set(seen)].sort()).toEqual(rows.map(({ id }) => id).sort());
		expect(spans.length).toBeLessThan(40);
	});

	test('a list that always breaks off fails in sight, with its cursor where it stood', async () => {
		const { plan, seen } = channel(rowsOf(5), () => {
			throw new PageLost('The token ended.');
		});
		const failure = await readChanges(await context(), plan, new Date(Date.now() - 3600_000)).catch(
			(error: unknown) => error
		);
		expect(failure).toBeInstanceOf(ChannelError);
		expect((failure as ChannelError).message).toContain('broke off');
		expect(seen).toEqual([]);
		expect((await cursor())!.syncedTo).toBeNull();
	});

	test('a process that stops between two pages goes on at the next one', async () => {
		const rows = rowsOf(45);
		let stop = true;
		const { plan, seen } = channel(rows, (_span, page) => {
			if (page === 3 && stop) throw new ChannelError('aborted', 'The sync was stopped.');
		});
		await expect(readChanges(await context(), plan, new Date(rows[0]!.at))).rejects.toThrow('stopped');
		expect(seen).toHaveLength(30);
		expect((await cursor())!.state).toMatchObject({ after: '3' });
		stop = false;
		await readChanges(await context(), plan);
		expect([...new Set(seen)]).toEqual(rows.map(({ id }) => id));
	});

	test('a row without sense is set aside; replayed without better sense it stays, with its reason', async () => {
		const rows = [...rowsOf(3), { id: 13, at: Date.now() - 90_000 }];
		const { plan, seen } = channel(rows);
		await readChanges(await context(), plan, new Date(Date.now() - 3600_000));
		expect(seen).toHaveLength(3);
		const dead = await inOrganization(
			organization.organization.id,
			({ sql }) => sql`select topic, error from inbox where status = 'dead'`
		);
		expect(dead).toEqual([{ topic: 'sync/orders', error: 'This row has no sense.' }]);
		expect(await replayDeadLetters(organization.ctx(), { connectionId })).toEqual({ replayed: 0, failed: 1 });
	});

	test('pages that go round in circles, or promise more without end, stop', () => {
		const round = loopGuard('Amazon', 'orders');
		round('a', 1);
		round('b', 1);
		expect(() => round('a', 1)).toThrow('goes round in circles');
		expect(() => loopGuard('Amazon', 'orders')(null, 1)).toThrow('goes round in circles');
		const empty = loopGuard('Amazon', 'orders');
		expect(() => Array.from({ length: 9 }, (_, n) => empty(`t${n}`, 0))).toThrow('does not end');
		const mayBeEmpty = loopGuard('Amazon', 'transactions', { mayBeEmpty: true });
		expect(Array.from({ length: 9 }, (_, n) => mayBeEmpty(`t${n}`, 0))).toHaveLength(9);
	});
});

describe('runs', () => {
	test('one that the channel makes wait is taken again only when its time has come', async () => {
		const { organizationId } = place();
		const runId = await inOrganization(organizationId, (tx) => queueRun(tx, place(), 'stock', 'schedule'));
		const connection = (await context()).connection;
		expect(await takeRun(organizationId, connectionId, runId)).not.toBeNull();
		await postponeRun(connection, runId, 400, { progress: {}, requests: 7, retries: 2 });
		expect(await takeRun(organizationId, connectionId, runId)).toBeNull();
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect(await takeRun(organizationId, connectionId, runId)).toMatchObject({ requests: 7, retries: 2 });
	});

	test('an organization with many accounts takes four slots at most', async () => {
		const { organizationId } = place();
		const taken: boolean[] = [];
		for (let n = 0; n < 6; n++) {
			const id = await connect(`S-${n}`);
			const runId = await inOrganization(organizationId, (tx) =>
				queueRun(tx, { organizationId, id }, 'stock', 'schedule')
			);
			taken.push((await takeRun(organizationId, id, runId)) !== null);
		}
		expect(taken).toEqual([true, true, true, true, false, false]);
	});

	test('one of a connection without credentials is cancelled without a call', async () => {
		const { organizationId } = place();
		const runId = await inOrganization(organizationId, (tx) => queueRun(tx, place(), 'stock', 'schedule'));
		expect(await performRun({ organizationId, connectionId, runId }, new AbortController().signal)).toBe(
			true
		);
		const [row] = await inOrganization(
			organizationId,
			({ sql }) => sql`select status from sync_runs where id = ${runId}`
		);
		expect(row).toEqual({ status: 'cancelled' });
	});
});

describe('a change of state', () => {
	const verified = () =>
		asSystem(
			'account: verify, reset, sessions of a person',
			({ sql }) => sql`update users set email_verified_at = now() where id = ${organization.ownerId}`
		);

	test('is told to the owners and admins once, however often it comes and goes that day', async () => {
		await verified();
		for (let round = 0; round < 5; round++) {
			await changeStatus(place(), 'degraded', `Trouble ${round}.`, ['healthy', 'degraded']);
			await changeStatus(place(), 'healthy', null, ['degraded']);
		}
		await changeStatus(place(), 'needs_reauthorization', 'The token ended.', ['healthy']);
		await changeStatus(place(), 'needs_reauthorization', 'The token ended again.', ['needs_reauthorization']);
		await backgroundDone();
		expect(sent.map(({ subject }) => subject.replace(/^.*?: /, ''))).toEqual([
			'trouble with S1',
			'connect S1 again'
		]);
		expect(new Set(sent.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
	});

	test('is not mailed to an address that nobody confirmed', async () => {
		await changeStatus(place(), 'needs_reauthorization', 'The token ended.', ['healthy']);
		await backgroundDone();
		expect(sent).toEqual([]);
	});
});

describe('messages that only hint', () => {
	const hint = (deliveryId: string, more: Partial<Hint> = {}): Hint => ({
		organizationId: organization.organization.id,
		connectionId,
		deliveryId,
		topic: 'ORDER_CHANGE',
		body: Buffer.from('{}'),
		triggeredAt: null,
		orderExternalId: '111-1111111-1111111',
		error: null,
		...more
	});

	test('have one effect each, and their order is read after the commit', async () => {
		expect(await receiveHints('amazon', [hint('a'), hint('b', { orderExternalId: null })])).toEqual([
			'processed',
			'ignored'
		]);
		const answers = await Promise.all([
			receiveHints('amazon', [hint('a'), hint('c')]),
			receiveHints('amazon', [hint('c'), hint('a')])
		]);
		expect(answers.flat().filter((one) => one === 'processed')).toHaveLength(1);
		await backgroundDone();
		expect(queued.filter(({ name }) => name === 'channels.fetch-orders')).toHaveLength(2);
	});

	test('a connection of another organization takes none', async () => {
		const other = await makeOrganization();
		expect(await receiveHints('amazon', [hint('x', { organizationId: other.organization.id })])).toEqual([
			'duplicate'
		]);
		await backgroundDone();
		expect(queued).toEqual([]);
	});
});
