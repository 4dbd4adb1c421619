import { movingListings, settleListing } from '../catalog/index.ts';
import { record } from '../live/index.ts';
import { moveLines } from '../orders/index.ts';
import { inOrganization } from '../platform/db.ts';
import { asSystem } from '../platform/system.ts';

/**
 * Lets past sales follow their listings to the products they belong to now, 1,000 orders a transaction. Where a kill leaves off, the
 * hourly sweep goes on.
 */
export async function moveSales(
	organization: { id: string; timeZone: string },
	productId: string | null = null
): Promise<number> {
	const moving = await inOrganization(organization.id, (tx) =>
		movingListings(tx, organization.id, productId)
	);
	const place = { organizationId: organization.id, timeZone: organization.timeZone };
	let total = 0;
	for (const listing of moving) {
		for (let moved = -1; moved !== 0; total += moved) {
			moved = await record(organization.id, async (tx) => {
				const done = await moveLines(tx, place, listing);
				if (done.moved === 0) await settleListing(tx, organization.id, listing);
				return { result: done.moved, events: done.events };
			});
		}
	}
	return total;
}

/** Goes on with moves that a kill cut short, in all organizations. Answers how many orders followed. */
export async function sweepMoves(): Promise<number> {
	const organizations = await asSystem(
		'sweep: due work of all organizations',
		({ sql }) => sql<{ id: string; timeZone: string }[]>`
		select o.id, o.time_zone from organizations o where exists (select 1 from listings l where l.organization_id = o.id and l.moved_from is not null)`
	);
	let total = 0;
	for (const organization of organizations) total += await moveSales(organization);
	return total;
}
