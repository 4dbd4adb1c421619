import { offerKey, resolveListings } from '../catalog/index.ts';
import { upsertCustomers } from '../customers/index.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { metrics } from '../platform/metrics.ts';
import { eventsOf, type Changed } from './events.ts';
import { prepare, type Prepared } from './prepare.ts';
import type { OrderEntry, OrderOutcome, Recorded } from './record-types.ts';
import type { References } from './rows.ts';
import { loadBodies, lockHeads, type StoredHead } from './stored.ts';
import { write, type Write } from './write.ts';

/** No transaction holds more: readers and the projection wait for nobody. */
export const MAX_BATCH = 1_000;

/**
 * Records orders of one or several organizations with a fixed number of statements, whatever their number. Use inside
 * `live.record` and append the answered events. An older version of an order, and a replay, change no row; an equal version with
 * other content is applied, since channels' versions have whole seconds. Rows are taken in one order (organization, connection,
 * external id), so that concurrent batches do not wait for each other in a circle.
 * @throws Error for more than 1,000 entries; database errors otherwise, which the caller isolates behind a savepoint
 */
export async function recordOrders(tx: Tx, entries: readonly OrderEntry[]): Promise<Recorded> {
	if (entries.length > MAX_BATCH)
		throw new Error(`${entries.length} orders in one call; at most ${MAX_BATCH}.`);
	const outcomes: Recorded['outcomes'] = entries.map(() => ({ orderId: '', outcome: 'stale' }));
	const turns = newestOfEach(entries);
	const changed: Changed[] = [];
	for (let pending = turns; pending.length > 0;) pending = await recordOnce(tx, pending, outcomes, changed);

	const idOf = new Map(
		turns.map(({ prepared, index }) => [orderKey(prepared.entry), outcomes[index]!.orderId])
	);
	entries.forEach((entry, index) => {
		const outcome = outcomes[index]!;
		outcome.orderId ||= idOf.get(orderKey(entry)) ?? '';
		metrics.orders.inc({ channel: entry.channel, outcome: outcome.outcome });
	});
	return { outcomes, events: eventsOf(changed) };
}

/** A place in the batch. */
interface Turn {
	index: number;
	prepared: Prepared;
}

/** Of several versions of an order the newest, the later one of equals; sorted by key. */
function newestOfEach(entries: readonly OrderEntry[]): Turn[] {
	const newest = new Map<string, { index: number; version: number }>();
	entries.forEach((entry, index) => {
		const version = Date.parse(entry.order.updatedAt);
		const seen = newest.get(orderKey(entry));
		if (!seen || version >= seen.version) newest.set(orderKey(entry), { index, version });
	});
	return [...newest]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([, { index }]) => ({ index, prepared: prepare(entries[index]!) }));
}

function orderKey(entry: OrderEntry): string {
	return `${entry.organizationId} ${entry.connectionId} ${entry.order.externalId}`;
}

/** Records what it can and answers the turns whose order another transaction made meanwhile: those go round again as updates. */
async function recordOnce(
	tx: Tx,
	turns: readonly Turn[],
	outcomes: Recorded['outcomes'],
	changed: Changed[]
): Promise<Turn[]> {
	const heads = new Map(
		(
			await lockHeads(
				tx,
				turns.map((turn) => turn.prepared)
			)
		).map((head) => [`${head.connectionId} ${head.externalId}`, head])
	);
	const todo: (Turn & { write: Write })[] = [];
	for (const turn of turns) {
		const { prepared } = turn;
		const head = heads.get(`${prepared.entry.connectionId} ${prepared.entry.order.externalId}`);
		const what = decide(prepared, head);
		outcomes[turn.index] = { orderId: head?.id ?? '', outcome: what.outcome };
		if (what.action !== 'nothing')
			todo.push({
				...turn,
				write: { action: what.action, id: head?.id ?? newId(), prepared, head, body: undefined }
			});
	}
	if (todo.length === 0) return [];

	const content = todo.filter(({ write: { action } }) => action !== 'touch').map(({ write: one }) => one);
	const references = await resolve(
		tx,
		content.map(({ prepared }) => prepared)
	);
	const updates = content.filter((one): one is Write & { head: StoredHead } => one.head !== undefined);
	const bodies = await loadBodies(
		tx,
		updates.map(({ head, prepared: { entry } }) => ({
			head,
			organizationId: entry.organizationId,
			timeZone: entry.timeZone
		}))
	);
	for (const update of updates) update.body = bodies.get(update.id);

	const raced = await write(
		tx,
		todo.map((one) => one.write),
		references
	);
	for (const turn of todo) {
		if (raced.has(turn.write.id)) continue;
		outcomes[turn.index]!.orderId = turn.write.id;
		if (turn.write.action !== 'touch') changed.push(describe(turn.write, references));
	}
	return todo.filter((turn) => raced.has(turn.write.id));
}

function decide(
	prepared: Prepared,
	head: StoredHead | undefined
): { outcome: OrderOutcome; action: Write['action'] | 'nothing' } {
	if (!head) return { outcome: 'created', action: 'create' };
	const stored = head.sourceUpdatedAt.getTime();
	if (prepared.version < stored) return { outcome: 'stale', action: 'nothing' };
	if (prepared.contentHash !== head.contentHash) return { outcome: 'updated', action: 'update' };
	return { outcome: 'unchanged', action: prepared.version > stored ? 'touch' : 'nothing' };
}

async function resolve(tx: Tx, batch: readonly Prepared[]): Promise<References> {
	// customers are asked for and written first in every transaction; the listings' statements travel with them
	const [customers, listings] = await Promise.all([
		upsertCustomers(
			tx,
			batch.flatMap(({ entry: { organizationId, connectionId, order } }) =>
				order.customer ? [{ organizationId, connectionId, ...order.customer }] : []
			)
		),
		resolveListings(
			tx,
			batch.flatMap(({ entry: { organizationId, connectionId, order } }) =>
				order.lines.map((line) => ({ organizationId, connectionId, ...line }))
			)
		)
	]);
	return { customers, listings };
}

function describe({ action, id, prepared, body }: Write, { listings }: References): Changed {
	const { connectionId, order } = prepared.entry;
	const categories = new Set(body?.categories);
	for (const line of order.lines) {
		const category = listings.get(offerKey({ ...line, connectionId }))?.category;
		if (category) categories.add(category);
	}
	return {
		id,
		change: action === 'create' ? 'created' : 'updated',
		prepared,
		before: body?.figures ?? [],
		categories: [...categories].sort()
	};
}
