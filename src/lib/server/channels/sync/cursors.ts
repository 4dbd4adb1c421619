import type { Tx } from '../../platform/db.ts';

/** What a run counts and what a dead letter is named after. */
export type Resource =
	| 'locations'
	| 'products'
	| 'orders'
	| 'customers'
	| 'stock'
	| 'returns'
	| 'transactions'
	| 'fees'
	| 'figures'
	| 'traffic'
	| 'reviews';

/** Where a resource stands: everything up to `syncedTo` is in; `state` resumes what is half done. */
export interface Cursor {
	syncedTo: Date | null;
	state: CursorState;
}

export interface CursorState {
	/** A window under way: its ends (ISO; without a beginning it reads all) and the page to go on with. */
	windowFrom?: string;
	windowTo?: string;
	after?: string;
	/** How often the window was begun anew because the place in it was lost. */
	restarts?: number;
	/** What a channel's own way of reading keeps here. */
	[own: string]: unknown;
}

/** `name` is the resource, or one a channel has of its own beside it, such as `orders:wfs`. */
export async function loadCursor(
	{ sql }: Tx,
	connection: { organizationId: string; id: string },
	name: string
): Promise<Cursor> {
	const [row] = await sql<Cursor[]>`
		select synced_to, state from sync_cursors
		where organization_id = ${connection.organizationId} and connection_id = ${connection.id} and resource = ${name}`;
	return row ?? { syncedTo: null, state: {} };
}

/** Moves the cursor; call it in the transaction that writes the data it speaks of. `syncedTo` never goes back. */
export async function moveCursor(
	{ sql }: Tx,
	connection: { organizationId: string; id: string },
	name: string,
	cursor: Cursor
): Promise<void> {
	await sql`
		insert into sync_cursors as c (organization_id, connection_id, resource, synced_to, state, updated_at)
		values (${connection.organizationId}, ${connection.id}, ${name}, ${cursor.syncedTo}, ${sql.json(cursor.state as never)}, now())
		on conflict (connection_id, resource) do update set synced_to = greatest(c.synced_to, excluded.synced_to), state = excluded.state, updated_at = now()`;
}
