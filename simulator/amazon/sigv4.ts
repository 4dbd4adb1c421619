import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A request as it came: header names in lower case. */
export interface SignedCall {
	method: string;
	path: string;
	search: string;
	headers: Record<string, string | undefined>;
	body: string;
}

export interface Key {
	accessKeyId: string;
	secretAccessKey: string;
}

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** True when a request carries the signature (version 4) that the key gives it. */
export function isSigned(call: SignedCall, key: Key): boolean {
	const header = call.headers.authorization ?? '';
	const match = /^AWS4-HMAC-SHA256\s+Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/.exec(header); // prettier-ignore
	if (!match) return false;
	const [, credential, names, signature] = match as unknown as [string, string, string, string];
	const [id, day, region, service, end] = credential.split('/');
	if (id !== key.accessKeyId || !day || !region || !service || end !== 'aws4_request') return false;
	const time = call.headers['x-amz-date'] ?? '';
	if (!time.startsWith(day)) return false;
	const signed = names
		.split(';')
		.map((name) => `${name}:${(call.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`)
		.join('');
	const query = [...new URLSearchParams(call.search)]
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
		.sort()
		.join('&');
	const hash = call.headers['x-amz-content-sha256'] ?? sha(call.body);
	const request = [call.method, call.path || '/', query, signed, names, hash].join('\n');
	const scope = [day, region, service, 'aws4_request'].join('/');
	const text = ['AWS4-HMAC-SHA256', time, scope, sha(request)].join('\n');
	const secret = hmac(hmac(hmac(hmac(`AWS4${key.secretAccessKey}`, day), region), service), 'aws4_request');
	const expected = Buffer.from(hmac(secret, text).toString('hex'));
	return timingSafeEqual(expected, Buffer.from(signature));
}
