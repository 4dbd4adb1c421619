import type { TestOrganization } from '../../../../tests/factories/organization.ts';
import { olapStore } from '../platform/olap.ts';
import { asSystem } from '../platform/system.ts';
import { applyRound } from './projection/round.ts';
import { readApplied } from './projection/state.ts';

/** A round that ends after some writes to ClickHouse, as a kill would end it; what it wrote stays. */
export async function die(shops: readonly TestOrganization[], writes: number): Promise<void> {
	const real = olapStore();
	const held = globalThis as unknown as { tidemarkOlap: typeof real };
	let left = writes;
	const count = <T>(run: () => Promise<T>): Promise<T> =>
		left-- > 0 ? run() : Promise.reject(new Error('killed'));
	const ingest = new Proxy(real.ingest, {
		get: (client, key) => {
			const method = Reflect.get(client, key) as (...given: unknown[]) => Promise<unknown>;
			return key === 'insert' || key === 'command'
				? (...given: unknown[]) => count(() => method.apply(client, given))
				: method.bind(client);
		}
	});
	held.tidemarkOlap = { ...real, ingest, insertTsv: (...given) => count(() => real.insertTsv(...given)) };
	try {
		const ids = shops.map((shop) => shop.organization.id);
		const applied = await readApplied(ids);
		const rows = await asSystem(
			'outbox: read for the hub and the projection',
			({ sql }) => sql<{ organizationId: string; position: number }[]>`
			select organization_id, position from outbox_positions where organization_id = any(${ids}::uuid[])`
		);
		const behind = rows.filter((row) => row.position > (applied.get(row.organizationId)?.position ?? 0));
		const states = behind.map(
			({ organizationId }) =>
				applied.get(organizationId) ?? {
					organizationId,
					generation: 1,
					position: 0,
					timeZone: shops.find((shop) => shop.organization.id === organizationId)!.organization.timeZone,
					currency: shops.find((shop) => shop.organization.id === organizationId)!.organization.currency
				}
		);
		// a random part of what waits: the next round splits it differently
		const last = new Map(
			behind.map((row, index) => [
				row.organizationId,
				states[index]!.position + Math.max(1, Math.ceil((row.position - states[index]!.position) / 2))
			])
		);
		await applyRound(states, last).catch((error: Error) => {
			if (error.message !== 'killed') throw error;
		});
	} finally {
		held.tidemarkOlap = real;
	}
}
