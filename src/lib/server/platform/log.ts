import { AsyncLocalStorage } from 'node:async_hooks';
import { pino, type Logger } from 'pino';

/** Ids that travel with a request or job and appear on each of its log lines. */
export interface Trace {
	requestId?: string;
	jobId?: string;
	organizationId?: string;
}

const traces = new AsyncLocalStorage<Trace>();

const secretKeys = [
	'password',
	'token',
	'secret',
	'accessToken',
	'clientSecret',
	'authorization',
	'cookie',
	'credentials',
	'refreshToken'
];

/** What LOG_LEVEL may be. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** pino throws for a level it does not know, before the settings could name the field. */
const wanted = LOG_LEVELS.find((level) => level === process.env.LOG_LEVEL);

/** JSON lines on stdout. Values under names of secrets are removed, one and two levels deep. */
export const log: Logger = pino({
	level: wanted ?? (process.env.VITEST ? 'silent' : 'info'),
	base: undefined,
	timestamp: pino.stdTimeFunctions.isoTime,
	formatters: { level: (label) => ({ level: label }) },
	mixin: () => traces.getStore() ?? {},
	redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`]), censor: '[removed]' }
});

/** Runs `fn` so that every log line inside carries `trace`. */
export function withTrace<T>(trace: Trace, fn: () => T): T {
	return traces.run({ ...traces.getStore(), ...trace }, fn);
}

/** Adds ids to the running trace, such as the organization once it is known. */
export function addToTrace(more: Trace): void {
	Object.assign(traces.getStore() ?? {}, more);
}
