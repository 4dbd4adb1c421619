import { log } from './log.ts';

const held = globalThis as unknown as { tidemarkCrashGuard?: boolean };

/**
 * Keeps one known crash of postgres.js from ending the process: when the server dies it may write to a socket that is gone
 * and throw out of a timer (porsager/postgres #1066, #1154). The pool connects again by itself. Anything else still ends us,
 * after a log line, since the state is unknown then.
 */
export function containCrashes(): void {
	if (held.tidemarkCrashGuard) return;
	held.tidemarkCrashGuard = true;
	process.on('uncaughtException', (error) => {
		if (isPostgresSocketCrash(error)) {
			log.warn({ err: error }, 'postgres.js wrote to a closed socket; the pool connects again');
			return;
		}
		log.fatal({ err: error }, 'uncaught exception');
		process.exit(1);
	});
	process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'unhandled rejection'));
}

/** Exported for its test. */
export function isPostgresSocketCrash(error: unknown): boolean {
	if (!(error instanceof TypeError) || !/reading 'write'|of null/.test(error.message)) return false;
	return (
		/postgres[/\\](src|cjs)[/\\]|connection\.js/.test(error.stack ?? '') ||
		/\bnextWrite|\bwrite\b.*postgres/.test(error.stack ?? '')
	);
}
