import { offerKey, resolveListings } from '../catalog/index.ts';
import { upsertCustomers } from '../customers/index.ts';
import type { Ahead, Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { metrics } from '../platform/metrics.ts';
import { eventsOf, type Changed } from './events.ts';
import { customerOf, findStored, headKey, offersOf, type Stored } from './find-stored.ts';
import { prepare, type Prepared } from './prepare.ts';
import type { OrderEntry, OrderOutcome, Recorded } from './record-types.ts';
import type { References } from './rows.ts';
import { loadBodies, orderKey, type StoredHead } from './stored.ts';
import { write, type Write } from './write.ts';

/** No transaction holds more: readers and the projection wait for nobody. */
export const MAX_BATCH = 1_000;

/**
 * Records orders of one or several organizations with a fixed number of statements, whatever their number. Use inside
 * `live.record` and append the answered events. An older version of an order, and a replay, change no row; an equal version with
 * other content is applied, since channels' versions have whole seconds. Rows are taken in one order (organization, connection,
 * external id), so that concurrent batches do not wait for each other in a circle.
 * @param given.stored what `findStored` found of these orders in this transaction
 * @param given.ahead writes without waiting for answers: should another transaction make one of the orders at this moment, the
 * whole transaction fails and its caller tries again without
 * @param given.locked called when no lock will be taken any more that another batch may hold: what is still to be written stands under
 * these orders alone
 * @throws Error for more than 1,000 entries; database errors otherwise, which the caller isolates behind a savepoint
 */
export async function recordOrders(
	tx: Tx,
	entries: readonly OrderEntry[],
	given: { stored?: Stored; ahead?: Ahead; locked?: (() => void) | undefined } = {}
): Promise<Recorded> {
	if (entries.length > MAX_BATCH)
		throw new Error(`${entries.length} orders in one call; at most ${MAX_BATCH}.`);
	const outcomes: Recorded['outcomes'] = entries.map(() => ({ orderId: '', outcome: 'stale' }));
	const turns = newestOfEach(entries);
	const changed: Changed[] = [];
	let { stored } = given;
	for (let pending = turns; pending.length > 0; stored = undefined) {
		stored ??= await findStored(
			tx,
			pending.map(({ prepared }) => prepared.entry)
		);
		pending = await recordOnce(tx, pending, { ...given, stored }, outcomes, changed);
	}

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

/** Records what it can and answers the turns whose order another transaction made meanwhile: those go round again as updates. */
async function recordOnce(
	tx: Tx,
	turns: readonly Turn[],
	{ stored, ahead, locked }: { stored: Stored; ahead?: Ahead; locked?: (() => void) | undefined },
	outcomes: Recorded['outcomes'],
	changed: Changed[]
): Promise<Turn[]> {
	const todo: (Turn & { write: Write })[] = [];
	for (const turn of turns) {
		const { prepared } = turn;
		const { connectionId, order } = prepared.entry;
		const head = stored.heads.get(headKey({ connectionId, externalId: order.externalId }));
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
		content.map(({ prepared }) => prepared.entry),
		stored,
		ahead
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
		references,
		{ ahead, locked }
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

async function resolve(
	tx: Tx,
	entries: readonly OrderEntry[],
	stored: Stored,
	ahead: Ahead | undefined
): Promise<References> {
	// customers are written first in every transaction
	const [customers, listings] = await Promise.all([
		upsertCustomers(tx, entries.flatMap(customerOf), {
			stored: stored.customers,
			...(ahead && { ahead })
		}),
		resolveListings(tx, entries.flatMap(offersOf), stored.listings)
	]);
	return { customers, listings };
}

function describe({ action, id, prepared, body }: Write, { listings }: References): Changed {
	const { connectionId, order } = prepared.entry;
	const categories = new Set(body?.categories);
	for (const line of order.lines) {
		const category = listings.get(offerKey(connectionId, line))?.category;
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
