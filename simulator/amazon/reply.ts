import { createHash, randomUUID } from 'node:crypto';

/** An answer before it is written to the wire. */
export interface Reply {
	status: number;
	/** JSON value, or bytes for a document. */
	body: unknown;
	headers?: Record<string, string>;
}

export interface ApiError {
	code: string;
	/** Null where the API itself says null (F02). */
	message: string | null;
	details?: string;
}

/** Thrown to answer with an error list. */
export class Refused extends Error {
	reply: Reply;
	constructor(status: number, error: ApiError, headers?: Record<string, string>) {
		super(error.message ?? error.code);
		this.reply = refusal(status, error, headers);
	}
}

export function ok(body: unknown, status = 200): Reply {
	return { status, body };
}

/** `{"errors":[{code,message,details}]}` with the error's name in a header, as the API answers. */
export function refusal(status: number, error: ApiError, headers?: Record<string, string>): Reply {
	return { status, body: { errors: [error] }, headers: { 'x-amzn-ErrorType': error.code, ...headers } };
}

export function invalid(message: string): Refused {
	return new Refused(400, { code: 'InvalidInput', message, details: '' });
}

/** The headers every reply has. */
export function requestHeaders(): Record<string, string> {
	const id = randomUUID();
	return { 'x-amzn-RequestId': id, 'x-amz-apigw-id': Buffer.from(id.slice(0, 11)).toString('base64url') };
}

/** A text that follows from its parts, for ids that must stay the same. */
export function digest(parts: readonly (string | number)[], length = 32): string {
	return createHash('sha256').update(parts.join('|')).digest('hex').slice(0, length);
}
