import type { Sql } from 'postgres';
import type { Database } from './db.ts';
import { log } from './log.ts';

/** How long work on a pool that is given up may go on, seconds: its healthy connections finish, the others are cut. */
const GRACE_S = 5;

/**
 * Pools that are replaced when one of their connections is lost. postgres.js 3.4.9 forgets to clear its write timer when a socket
 * closes: such a connection never sends its next greeting and holds whoever gets it for the whole connect timeout, again and
 * again (porsager/postgres #1066 is the crash from the same place). A new pool has none of them.
 */
export function openPools(make: (role: 'app' | 'system' | 'listener') => Sql): Database {
	const current = { app: make('app'), system: make('system') };
	// LISTEN lives longer than a pool and connects again by itself; opened when it is first used
	let listener: Sql | undefined;
	const ending = new Set<Promise<void>>();
	const end = (pool: Sql) => {
		const done = pool.end({ timeout: GRACE_S }).catch(() => {});
		ending.add(done);
		void done.then(() => ending.delete(done));
	};
	return {
		get app() {
			return current.app;
		},
		get system() {
			return current.system;
		},
		get listener() {
			return (listener ??= make('listener'));
		},
		lost(pool) {
			for (const role of ['app', 'system'] as const) {
				if (current[role] !== pool) continue; // who came first has replaced it
				current[role] = make(role);
				log.warn({ role }, 'a connection to PostgreSQL was lost; the pool is replaced');
				end(pool);
			}
		},
		async close() {
			for (const pool of [current.app, current.system, listener]) if (pool) end(pool);
			await Promise.all(ending);
		}
	};
}
