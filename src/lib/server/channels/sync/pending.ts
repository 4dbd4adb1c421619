// Temporary until the domains export these verbs.
import type { PendingEvent } from '../../live/index.ts';
import type { Tx } from '../../platform/db.ts';
type Answer = { written: number; unchanged: number; events: PendingEvent[] };
export async function upsertListings(_tx: Tx, rows: readonly unknown[]): Promise<Answer> {
	return { written: 0, unchanged: rows.length, events: [] };
}
export async function recordStock(_tx: Tx, rows: readonly unknown[]): Promise<Answer> {
	return { written: 0, unchanged: rows.length, events: [] };
}
export async function upsertLocations(_tx: Tx, rows: readonly unknown[]): Promise<Answer> {
	return { written: 0, unchanged: rows.length, events: [] };
}
