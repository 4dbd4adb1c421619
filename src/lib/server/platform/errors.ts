/** What the product can refuse. `status` is the HTTP status of both pages and API; the message is written for the person reading it. */
export class AppError extends Error {
	readonly status: number;
	readonly code: string;
	constructor(status: number, code: string, message: string, options?: ErrorOptions) {
		super(message, options);
		this.status = status;
		this.code = code;
		this.name = new.target.name;
	}
}

/** The thing does not exist, or belongs to another organization: both look the same from outside. */
export class NotFound extends AppError {
	constructor(what = 'This') {
		super(404, 'not_found', `${what} does not exist or was removed.`);
	}
}

/** Not signed in. */
export class Unauthenticated extends AppError {
	constructor(message = 'Sign in to continue.') {
		super(401, 'unauthenticated', message);
	}
}

/** Signed in, but the role does not carry the permission. */
export class Forbidden extends AppError {
	constructor(message = 'Your role does not allow this. An admin of the organization can change it.') {
		super(403, 'forbidden', message);
	}
}

/** Input that cannot be used. `fields` names each wrong field with the fix. */
export class Invalid extends AppError {
	readonly fields: Record<string, string>;
	constructor(
		fields: Record<string, string>,
		message = Object.values(fields)[0] ?? 'Some fields need another look.'
	) {
		super(400, 'invalid', message);
		this.fields = fields;
	}
}

/** The request is fine, the present state forbids it. */
export class Conflict extends AppError {
	constructor(message: string) {
		super(409, 'conflict', message);
	}
}

/** Too many requests; `retryAfter` is in whole seconds, `tries` is how many are allowed. */
export class RateLimited extends AppError {
	readonly retryAfter: number;
	readonly tries: number;
	constructor(retryAfter: number, tries: number) {
		super(429, 'rate_limited', `Too many tries. Wait ${retryAfter} seconds and try again.`);
		this.retryAfter = retryAfter;
		this.tries = tries;
	}
}

/** Somebody keeps as many streams open as they may; `retryAfter` is in whole seconds. */
export class TooManyStreams extends AppError {
	readonly retryAfter = 30;
	constructor(message: string) {
		super(429, 'too_many_streams', message);
	}
}

/** A part the request needs is down; nothing was written. `retryAfter` is in whole seconds. */
export class Unavailable extends AppError {
	readonly retryAfter: number;
	constructor(
		message = 'The database is not answering. Nothing was changed; try again in a few seconds.',
		retryAfter = 2
	) {
		super(503, 'unavailable', message);
		this.retryAfter = retryAfter;
	}
}

const CONNECTION_CODES = new Set([
	'CONNECTION_CLOSED',
	'CONNECTION_ENDED',
	'CONNECTION_DESTROYED',
	'CONNECT_TIMEOUT',
	'ECONNREFUSED',
	'ECONNRESET',
	'ENOENT',
	'EPIPE',
	'57P01',
	'57P02',
	'57P03',
	'08006',
	'08003',
	'53300'
]);

/** True when the error means that the database cannot be reached, rather than that a statement was wrong. */
export function isConnectionError(error: unknown): boolean {
	const seen = error as { code?: unknown; cause?: unknown } | null;
	if (typeof seen?.code === 'string' && CONNECTION_CODES.has(seen.code)) return true;
	return seen?.cause ? isConnectionError(seen.cause) : false;
}
