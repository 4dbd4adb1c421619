import type { Tx } from '../../platform/db.ts';

export type Resource = 'locations' | 'products' | 'orders' | 'customers' | 'stock';

/** Where a resource stands: everything up to `syncedTo` is in; `state` resumes what is half done. */
export interface Cursor {
	syncedTo: Date | null;
	state: CursorState;
}

export interface CursorState {
	/** A bulk operation under way, when it was begun (ISO), and how many rows of its file are recorded. */
	bulkId?: string;
	bulkStartedAt?: string;
	rows?: number;
	/** First the rows that are whole as they stand, then those that Shopify must be asked about. */
	pass?: 'plain' | 'more';
	/** A window under way: its end (ISO) and the page to go on with. */
	windowFrom?: string;
	windowTo?: string;
	after?: string;
	/** How often the bulk operation was begun anew. */
	tries?: number;
}

export async function loadCursor(
	{ sql }: Tx,
	connection: { organizationId: string; id: string },
	resource: Resource
): Promise<Cursor> {
	const [row] = await sql<Cursor[]>`
		select synced_to, state from sync_cursors
		where organization_id = ${connection.organizationId} and connection_id = ${connection.id} and resource = ${resource}`;
	return row ?? { syncedTo: null, state: {} };
}

/** Moves the cursor; call it in the transaction that writes the data it speaks of. `syncedTo` never goes back. */
export async function moveCursor(
	{ sql }: Tx,
	connection: { organizationId: string; id: string },
	resource: Resource,
	cursor: Cursor
): Promise<void> {
	await sql`
		insert into sync_cursors as c (organization_id, connection_id, resource, synced_to, state, updated_at)
		values (${connection.organizationId}, ${connection.id}, ${resource}, ${cursor.syncedTo}, ${sql.json(cursor.state as never)}, now())
		on conflict (connection_id, resource) do update set synced_to = greatest(c.synced_to, excluded.synced_to), state = excluded.state, updated_at = now()`;
}

/** Windows begin this long before the last one ended: changes become visible at Shopify a little after their own time. */
const OVERLAP_MS = 10 * 60_000;
/** And end this long before now, for clocks that differ. */
const SKEW_MS = 5_000;

/** The span of changes to read next. */
export function nextWindow(syncedTo: Date, now: Date): { from: Date; to: Date } {
	return {
		from: new Date(syncedTo.getTime() - OVERLAP_MS),
		to: new Date(Math.max(now.getTime() - SKEW_MS, syncedTo.getTime()))
	};
}

/** A window as Shopify's search writes it, in whole seconds. */
export function updatedBetween(from: string, to: string): string {
	const seconds = (iso: string) => iso.replace(/\.\d+Z$/, 'Z');
	return `updated_at:>='${seconds(from)}' AND updated_at:<='${seconds(to)}'`;
}
