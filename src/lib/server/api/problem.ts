import {
	AppError,
	Invalid,
	isConnectionError,
	RateLimited,
	TooManyStreams,
	Unavailable
} from '../platform/errors.ts';
import { log } from '../platform/log.ts';

/** A field that cannot be used and the fix. */
export interface FieldProblem {
	field: string;
	in: 'body' | 'query' | 'path' | 'header';
	message: string;
}

/** Fields of a request that cannot be used, with the place each stands in. */
export class InvalidRequest extends AppError {
	readonly problems: readonly FieldProblem[];
	constructor(problems: readonly FieldProblem[], status = 400, code = 'invalid') {
		const [first] = problems;
		super(status, code, first ? `${first.field}: ${first.message}` : 'The request cannot be used.');
		this.problems = problems;
	}
}

/** Titles of the problems the API answers with, by code: the documentation lists them. */
export const TITLES = {
	invalid: 'Some fields cannot be used',
	unauthenticated: 'No valid access token',
	wrong_credentials: 'E-mail and password do not match',
	invalid_refresh_token: 'The refresh token does not work any more',
	forbidden: 'This is not allowed',
	not_found: 'Not found',
	method_not_allowed: 'The address does not answer to this method',
	not_acceptable: 'The answer is of a type that was not asked for',
	conflict: 'The present state does not allow this',
	body_too_large: 'The body is too large',
	unsupported_media_type: 'The body is not JSON',
	upgrade_required: 'The address is a WebSocket',
	idempotency_mismatch: 'The idempotency key belongs to another request',
	rate_limited: 'Too many requests',
	too_many_streams: 'Too many open streams',
	internal: 'Something failed on our side',
	unavailable: 'A part the request needs is down'
} as const;
export type ProblemCode = keyof typeof TITLES;

/** A refusal as RFC 9457 writes it. */
export function problemResponse(
	error: unknown,
	at: { requestId: string; path: string; in: FieldProblem['in'] }
): Response {
	const known = error instanceof AppError ? error : isConnectionError(error) ? new Unavailable() : null;
	if (!known) log.error({ err: error, path: at.path }, 'API request failed');
	else if (known.status >= 500) log.warn({ err: known, path: at.path }, 'API request refused');
	const status = known?.status ?? 500;
	const code = known?.code ?? 'internal';
	const headers = new Headers({
		'content-type': 'application/problem+json',
		'cache-control': 'no-store'
	});
	if (known instanceof RateLimited || known instanceof Unavailable || known instanceof TooManyStreams)
		headers.set('retry-after', String(known.retryAfter));
	if (status === 401) headers.set('www-authenticate', 'Bearer realm="tidemark"');
	const problem = {
		type: `/docs/api#${code}`,
		title: code in TITLES ? TITLES[code as ProblemCode] : TITLES.conflict,
		status,
		detail:
			(known && detailOf(known)) ??
			'Something failed on our side. Try again; tell the operator the request id if it stays.',
		code,
		request_id: at.requestId,
		...fieldsOf(known, at.in)
	};
	return new Response(JSON.stringify(problem), { status, headers });
}

/** A verb's words about one field often lean on its name. */
function detailOf(error: AppError): string {
	const [first] = error instanceof Invalid ? Object.keys(error.fields) : [];
	return first !== undefined && /^[a-z]/.test(error.message)
		? `${apiName(first)}: ${error.message}`
		: error.message;
}

const apiName = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function fieldsOf(error: AppError | null, place: FieldProblem['in']): { errors?: readonly FieldProblem[] } {
	if (error instanceof InvalidRequest) return { errors: error.problems };
	if (!(error instanceof Invalid)) return {};
	// a verb's words, in the API's names
	return {
		errors: Object.entries(error.fields).map(([field, message]) => ({
			field: apiName(field),
			in: place,
			message
		}))
	};
}
