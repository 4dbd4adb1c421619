import { answer } from '../../src/lib/server/api/index.ts';
import { newId } from '../../src/lib/server/platform/ids.ts';

/** What a request may say. */
export interface Sent {
	method?: string;
	body?: unknown;
	/** Sent as it stands. */
	text?: string;
	headers?: Record<string, string>;
	token?: string;
	address?: string;
	/** Hangs up after so many milliseconds: for streams that do not end. */
	moment?: number;
}

/** An answer, read. */
export interface Got {
	status: number;
	headers: Headers;
	text: string;
	/** Null where the answer is no JSON. */
	// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the tests look into it as a user's programme does
	json: any;
}

let counted = 0;

/** Sends a request to the API as it runs inside the app, without the network. Each comes from an address of its own. */
export async function send(path: string, sent: Sent = {}): Promise<Got> {
	const headers = new Headers(sent.headers);
	if (sent.token) headers.set('authorization', `Bearer ${sent.token}`);
	const body = sent.text ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
	if (body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
	const method = sent.method ?? (body === undefined ? 'GET' : 'POST');
	const request = new Request(`http://localhost/api/v1${path}`, {
		method,
		headers,
		...(body !== undefined && { body }),
		...(sent.moment !== undefined && { signal: AbortSignal.timeout(sent.moment) })
	});
	counted++;
	const { response } = await answer(request, {
		requestId: newId(),
		address: sent.address ?? `10.${(counted >> 16) & 255}.${(counted >> 8) & 255}.${counted & 255}`,
		userAgent: 'test',
		secure: false
	});
	const text = await response.text();
	return {
		status: response.status,
		headers: response.headers,
		text,
		json: /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : null
	};
}
