import type { Channel } from '#lib/contracts/channels.ts';
import { audit, require } from '../../identity/index.ts';
import { record, type PendingEvent } from '../../live/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization, type Tx } from '../../platform/db.ts';
import { isConnectionError, NotFound, Unavailable } from '../../platform/errors.ts';
import { object } from '../json.ts';
import { channelOf } from '../registry.ts';
import type { Resource } from '../sync/cursors.ts';
import { messageOf, missing } from '../unparsable.ts';
import { uuidOr404 } from '../views.ts';
import { applyRead } from './commit.ts';
import { fetchSoon } from './hints.ts';
import { readDelivery, type Delivery } from './delivery.ts';

/** What was set aside, with whom it belongs to. */
type DeadLetter = Delivery & { id: string; channel: Channel; externalId: string };

/** Most dead letters tried again in one request. */
const MOST = 500;

/**
 * Tries dead letters again, one or all of a connection, oldest first; each in a transaction of its own. What fails again stays,
 * with the new reason.
 * @throws NotFound when there is none, Forbidden
 */
export async function replayDeadLetters(
	ctx: Ctx,
	which: { id: string } | { connectionId: string }
): Promise<{ replayed: number; failed: number }> {
	require(ctx, 'channels.manage');
	const organizationId = ctx.organization.id;
	const rows = await inOrganization(
		organizationId,
		({ sql }) => sql<{ id: string }[]>`
		select id from inbox where organization_id = ${organizationId} and status = 'dead'
			and ${'id' in which ? sql`id = ${uuidOr404(which.id)}` : sql`connection_id = ${uuidOr404(which.connectionId)}`}
		order by received_at limit ${MOST}`
	);
	if (rows.length === 0) throw new NotFound('This message');
	let replayed = 0;
	for (const { id } of rows) if (await replay(ctx, id)) replayed++;
	return { replayed, failed: rows.length - replayed };
}

/** Gives up dead letters for good. @throws NotFound when there is none, Forbidden */
export async function discardDeadLetter(ctx: Ctx, id: string): Promise<void> {
	require(ctx, 'channels.manage');
	await inOrganization(ctx.organization.id, async (tx) => {
		const [gone] = await tx.sql<{ connectionId: string; topic: string }[]>`
			update inbox set status = 'ignored' where organization_id = ${ctx.organization.id} and id = ${uuidOr404(id)} and status = 'dead' returning connection_id, topic`;
		if (!gone) throw new NotFound('This message');
		await audit(
			tx,
			ctx,
			'dead_letter.discarded',
			{ kind: 'connection', id: gone.connectionId },
			{ topic: gone.topic }
		);
	});
}

async function replay(ctx: Ctx, id: string): Promise<boolean> {
	const organizationId = ctx.organization.id;
	try {
		return await record(organizationId, async (tx) => {
			const [row] = await tx.sql<DeadLetter[]>`
				select i.connection_id, i.organization_id, i.delivery_id, i.topic, i.body, null as triggered_at, o.time_zone, c.currency, c.channel, c.external_id
				from inbox i join connections c on c.id = i.connection_id and c.organization_id = i.organization_id join organizations o on o.id = i.organization_id
				where i.organization_id = ${organizationId} and i.id = ${id} and i.status = 'dead' for update of i`;
			if (!row) return { result: false, events: [] };
			const events = await applyAgain(tx, row);
			await tx.sql`update inbox set status = 'processed', error = null, attempts = attempts + 1 where organization_id = ${organizationId} and id = ${id}`;
			await audit(
				tx,
				ctx,
				'dead_letter.replayed',
				{ kind: 'connection', id: row.connectionId },
				{ topic: row.topic }
			);
			return { result: true, events };
		});
	} catch (error) {
		if (error instanceof Unavailable || isConnectionError(error)) throw error;
		await inOrganization(
			organizationId,
			({ sql }) => sql`
			update inbox set error = ${messageOf(error)}, attempts = attempts + 1 where organization_id = ${organizationId} and id = ${id} and status = 'dead'`
		);
		return false;
	}
}

async function applyAgain(tx: Tx, letter: DeadLetter): Promise<PendingEvent[]> {
	if (letter.topic.startsWith('sync/')) return applySynced(tx, letter);
	const channel = channelOf(letter.channel);
	if (channel.readHint) {
		const order = channel.readHint(letter.topic, letter.body);
		if (order !== null) fetchSoon(letter, order);
		return [];
	}
	return applyRead(tx, [{ delivery: letter, effect: readDelivery(letter.topic, letter.body), error: null }]);
}

/** A node that a sync set aside; its topic names the resource. */
function applySynced(tx: Tx, letter: DeadLetter): Promise<PendingEvent[]> {
	const node = object(JSON.parse(letter.body.toString('utf8'))) ?? missing('The payload');
	return channelOf(letter.channel).reapply(tx, letter, letter.topic.slice('sync/'.length) as Resource, node);
}
