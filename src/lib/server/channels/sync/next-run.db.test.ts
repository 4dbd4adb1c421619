import { expect, test, vi } from 'vitest';
import { makeConnection } from '../../../../../tests/factories/connection.ts';
import { makeOrganization } from '../../../../../tests/factories/organization.ts';
import { inOrganization } from '../../platform/db.ts';
import { enqueueNext } from './sweep.ts';
import { queueRun } from './runs.ts';

const enqueued = vi.hoisted(() => [] as { runId: string; startAfterSeconds?: number }[]);
vi.mock('../../platform/queue.ts', () => ({
	enqueue: async (_job: unknown, payload: { runId: string }, given: { startAfterSeconds?: number }) => {
		enqueued.push({ runId: payload.runId, ...given });
	}
}));

test('the end of a run hands on the connection’s next one and one of another connection', async () => {
	const { organization } = await makeOrganization();
	const [own, other] = [await makeConnection(organization.id), await makeConnection(organization.id)];
	const queued = (connectionId: string, kind: 'stock' | 'catalog') =>
		inOrganization(organization.id, (tx) =>
			queueRun(tx, { organizationId: organization.id, id: connectionId }, kind, 'schedule')
		);
	const first = await queued(own, 'stock');
	await queued(own, 'catalog');
	const others = await queued(other, 'stock');
	await enqueueNext(organization.id, own);
	expect(enqueued.map(({ runId }) => runId)).toEqual([first, others]);
});

test('a run that waits for its channel is handed on for when it may go on', async () => {
	enqueued.length = 0;
	const { organization } = await makeOrganization();
	const connectionId = await makeConnection(organization.id);
	const runId = await inOrganization(organization.id, async (tx) => {
		const id = await queueRun(tx, { organizationId: organization.id, id: connectionId }, 'stock', 'schedule');
		await tx.sql`update sync_runs set resume_at = now() + interval '90 seconds' where id = ${id}`;
		return id;
	});
	await enqueueNext(organization.id, connectionId);
	expect(enqueued).toMatchObject([{ runId, startAfterSeconds: expect.closeTo(90, -1) }]);
});
