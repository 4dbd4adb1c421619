import { record } from '../live/index.ts';
import { inBackground } from '../platform/background.ts';
import { inOrganization } from '../platform/db.ts';
import { alertMembers, claimAlert } from './alert.ts';
import { loadConnection, setStatus, type ConnectionStatus } from './connection-rows.ts';
import { connectionEvent } from './sync/runs.ts';

/** Connections in these states are read. */
export const WORKING: readonly ConnectionStatus[] = ['connecting', 'healthy', 'degraded'];

/** Changes the status when it is still one of `from`, tells the pages, and writes to those who can act, once. */
export async function changeStatus(
	connection: { organizationId: string; id: string },
	status: ConnectionStatus,
	reason: string | null,
	from: readonly ConnectionStatus[]
): Promise<void> {
	const alert = await record(connection.organizationId, async (tx) => {
		const row = await loadConnection(tx, connection.organizationId, connection.id);
		if (!from.includes(row.status) || !(await setStatus(tx, connection, status, reason)))
			return { result: null, events: [] };
		return {
			result: row.status === status ? null : await claimAlert(tx, { ...row, status, statusReason: reason }),
			events: [await connectionEvent(tx, connection.organizationId, connection.id)]
		};
	});
	if (alert) inBackground('telling members about a connection', () => alertMembers(alert));
}

/** Writes to those who can act about a state that another transaction has set; once, see `claimAlert`. */
export async function tellState(connection: { organizationId: string; id: string }): Promise<void> {
	const alert = await inOrganization(connection.organizationId, async (tx) =>
		claimAlert(tx, await loadConnection(tx, connection.organizationId, connection.id))
	);
	if (alert) await alertMembers(alert);
}
