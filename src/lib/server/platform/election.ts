import { setTimeout as sleep } from 'node:timers/promises';
import { database } from './db.ts';
import { olapStore } from './olap.ts';

/** The right to be the only one of several processes. */
export interface Election {
	/** False once the right is lost, with its connection. */
	held(): Promise<boolean>;
	release(): Promise<void>;
}

/**
 * Waits until this process is the one that works. The embedded store has one process by its file lock; with a ClickHouse server a
 * PostgreSQL advisory lock decides, held on a connection of its own so that it falls when the process does.
 */
export async function electOne(name: string, ended: () => boolean): Promise<Election> {
	if (olapStore().embedded) return { held: async () => true, release: async () => {} };
	while (!ended()) {
		const connection = await database()
			.system.reserve()
			.catch(() => null);
		if (connection) {
			const [row] = await connection<
				{ won: boolean }[]
			>`select pg_try_advisory_lock(hashtext(${`tidemark.${name}`})) as won`.catch(() => []);
			if (row?.won) {
				return {
					held: () =>
						connection`select 1`.then(
							() => true,
							() => false
						),
					release: async () => {
						await connection`select pg_advisory_unlock_all()`.catch(() => {});
						connection.release();
					}
				};
			}
			connection.release();
		}
		await sleep(2000, undefined, { ref: false });
	}
	return { held: async () => false, release: async () => {} };
}
