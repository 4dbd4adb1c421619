import { filtersSchema, RANGES } from '../../src/lib/contracts/analytics.ts';
import { dashboard } from '../../src/lib/server/analytics/index.ts';
import type { Line } from '../report.ts';
import { median } from '../percentiles.ts';
import type { Seller } from './generate.ts';
import { ownerOf } from './statements.ts';

const USERS = 32;
const SECONDS = 3;

/** What the users look at: eight ranges of the dashboard. */
const LOOKS = RANGES.slice(1).map((range) => filtersSchema.parse({ range }));

/**
 * 32 users who ask for dashboards one after the other, at a position that does not move; and the same users each asking for a range of
 * days that nobody asked for before, so that no cache knows it.
 */
export async function cachedAnswers(seller: Seller, rounds: number): Promise<Line[]> {
	const now = new Date();
	let fresh = 0;
	const unseen = () => {
		const length = 7 + (fresh % 60);
		const from = new Date(now.getTime() - (length + 2 + (fresh++ % 700)) * 86_400_000);
		const to = new Date(from.getTime() + length * 86_400_000);
		return filtersSchema.parse({
			range: { from: from.toISOString().slice(0, 10), to: to.toISOString().slice(0, 10) }
		});
	};
	const cached: number[] = [];
	const uncached: number[] = [];
	for (const look of LOOKS) await dashboard(ownerOf(seller), look, now);
	for (let round = 0; round < rounds; round++) {
		cached.push(await answers(seller, now, (n) => LOOKS[n % LOOKS.length]!));
		uncached.push(await answers(seller, now, unseen));
	}
	const [candidate, reference] = [median(cached), median(uncached)];
	const line = { candidate, reference, unit: 'answers/s' };
	return [
		{
			...line,
			name: `P7 ${USERS} users, cached at a position`,
			gate: { atLeast: 10 },
			note: 'beside ranges nobody asked for'
		},
		{ ...line, name: `P7 ${USERS} users, cached at a position`, gate: { atLeast: 4000 }, judge: 'absolute' }
	];
}

/** Dashboards answered a second. */
async function answers(
	seller: Seller,
	now: Date,
	next: (n: number) => ReturnType<typeof filtersSchema.parse>
): Promise<number> {
	const began = performance.now();
	let done = 0;
	await Promise.all(
		Array.from({ length: USERS }, async () => {
			const ctx = ownerOf(seller);
			while (performance.now() - began < SECONDS * 1000) {
				await dashboard(ctx, next(done), now);
				done++;
				// answers that are ready at once would never let the others run
				if (done % 64 === 0) await new Promise(setImmediate);
			}
		})
	);
	return done / ((performance.now() - began) / 1000);
}
