import { recordTransactions, type ChannelTransaction } from '../../../finances/index.ts';
import { inOrganization } from '../../../platform/db.ts';
import type { RunContext } from '../../channel.ts';
import { loadCursor } from '../../sync/cursors.ts';
import { inThousands, parseNodes, writeBatch, type ResourcePlan } from '../../sync/write.ts';
import type { WalmartClient } from '../client.ts';
import { parseSettledRow, reportDay, withoutPairedTaxes, type Occurrences } from '../parse-settlement.ts';
import { settlementDates, settlementPages } from '../settlements.ts';
import { estimateFees } from './fee-estimates.ts';

/** Settlements are final, but the newest one may have been read while Walmart was still writing it. */
const AGAIN = 1;

function plan(date: string, seen: Occurrences): ResourcePlan<ChannelTransaction | null> {
	return {
		resource: 'transactions',
		parse: (node) => parseSettledRow(node, date, seen),
		async write(tx, { connection, timeZone }, rows) {
			const told = rows.filter((row) => row !== null);
			const counts = await inThousands(told, async (part) => {
				const { outcomes, events } = await recordTransactions(
					tx,
					part.map((transaction) => ({
						organizationId: connection.organizationId,
						connectionId: connection.id,
						channel: 'walmart' as const,
						timeZone,
						transaction
					}))
				);
				const written = outcomes.filter((one) => one === 'created' || one === 'updated').length;
				return { written, unchanged: outcomes.length - written, events };
			});
			// the rows of the sale itself stand in the orders
			return { ...counts, unchanged: rows.length - counts.written };
		}
	};
}

/**
 * Reads the settlements that were not read yet, and the newest of those that were once more. A settlement that was cut off is
 * read again from its beginning: its rows keep their ids. Orders that were not settled yet get estimates.
 */
export async function financesRun(context: RunContext<WalmartClient>): Promise<void> {
	const { connection, client } = context;
	const cursor = await inOrganization(connection.organizationId, (tx) =>
		loadCursor(tx, connection, 'transactions')
	);
	const dates = await settlementDates(client);
	const readUpTo = cursor.syncedTo?.toISOString().slice(0, 10) ?? '';
	const known = dates.filter((date) => reportDay(date)! <= readUpTo);
	const wanted = [...known.slice(known.length - AGAIN), ...dates.slice(known.length)];
	for (const date of wanted) {
		const seen: Occurrences = new Map();
		const own = plan(date, seen);
		for await (const rows of settlementPages(client, date)) {
			context.assertWanted();
			await writeBatch(context, own, await parseNodes(own, withoutPairedTaxes(rows), 'poll'), null);
		}
		const syncedTo = new Date(`${reportDay(date)!}T00:00:00.000Z`);
		await writeBatch(context, own, { rows: [], dead: [] }, { syncedTo, state: {} });
	}
	await estimateFees(context);
}
