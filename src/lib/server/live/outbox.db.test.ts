import { expect, test } from 'vitest';
import type { LiveEvent } from '../../contracts/live.ts';
import { makeOrganization } from '../../../../tests/factories/organization.ts';
import { inOrganization } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { subscribe } from './hub.ts';
import type { PendingEvent } from './outbox.ts';
import { record } from './record.ts';

const rates = (organizationId: string): PendingEvent => ({
	organizationId,
	subjectId: newId(),
	kind: 'rates',
	dimensions: { channel: null, categories: [], locations: [], country: null }
});

test('positions have no gap and each subject one, however transactions of two organizations mix', async () => {
	const ids = (await Promise.all([makeOrganization(), makeOrganization()])).map((one) => one.organization.id);
	const heard: LiveEvent[] = [];
	const leave = subscribe(ids[0]!, (events) => heard.push(...events));
	await Promise.all(
		Array.from({ length: 40 }, (_, n) => {
			// in both orders: rows are locked by id, so these cannot wait for each other in a circle
			const mixed = n % 2 ? [...ids] : [...ids].reverse();
			return record(ids, async () => ({
				result: null,
				events: mixed.flatMap((id) => [rates(id), rates(id)])
			}));
		})
	);
	leave();
	for (const id of ids) {
		const rows = await inOrganization(
			id,
			({ sql }) => sql<{ position: number; inside: number; subjects: number }[]>`
				select position, (payload ->> 'position')::int as inside, count(*) over (partition by subject_id)::int as subjects
				from outbox where organization_id = ${id} order by position`
		);
		expect(rows.map((row) => row.position)).toEqual(Array.from({ length: 80 }, (_, n) => n + 1));
		expect(rows.every((row) => row.inside === row.position && row.subjects === 1)).toBe(true);
	}
	expect(heard.map((event) => event.position).sort((a, b) => a - b)).toEqual(
		Array.from({ length: 80 }, (_, n) => n + 1)
	);
});

test('a transaction that fails takes no position and wakes nobody', async () => {
	const { organization } = await makeOrganization();
	const heard: LiveEvent[] = [];
	const leave = subscribe(organization.id, (events) => heard.push(...events));
	const failing = record(organization.id, async () => {
		throw new Error('poison');
	});
	await expect(failing).rejects.toThrow('poison');
	await record(organization.id, async () => ({ result: null, events: [rates(organization.id)] }));
	leave();
	expect(heard.map((event) => event.position)).toEqual([1]);
});
