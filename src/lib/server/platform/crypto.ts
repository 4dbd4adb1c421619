import {
	argon2,
	createCipheriv,
	createDecipheriv,
	createHash,
	createHmac,
	hkdfSync,
	randomBytes,
	timingSafeEqual
} from 'node:crypto';
import { promisify } from 'node:util';

/** SHA-256 as hex: the key under which an opaque token is stored. */
export function sha256(value: string | Buffer): string {
	return createHash('sha256').update(value).digest('hex');
}

/** A random token of `bytes` bytes in base64url; 20 bytes are 160 bits. */
export function randomToken(bytes = 20): string {
	return randomBytes(bytes).toString('base64url');
}

/** Compares two strings in time that depends on their lengths only. */
export function constantTimeEqual(a: string, b: string): boolean {
	const left = Buffer.from(a);
	const right = Buffer.from(b);
	return left.length === right.length && timingSafeEqual(left, right);
}

/** Base64 HMAC-SHA256 of a raw body. */
export function hmacBase64(secret: string, body: Buffer | string): string {
	return createHmac('sha256', secret).update(body).digest('base64');
}

const argon2id = promisify(argon2);
const PASSWORD = { memory: 47_104, passes: 1, parallelism: 1, tagLength: 32 };

/** argon2id, 46 MiB, one pass (OWASP's first choice): `argon2id$m$t$p$salt$hash`, base64url. About 70 ms off the event loop. */
export async function hashPassword(password: string): Promise<string> {
	const nonce = randomBytes(16);
	const hash = await argon2id('argon2id', { message: password, nonce, ...PASSWORD });
	const parts = [
		PASSWORD.memory,
		PASSWORD.passes,
		PASSWORD.parallelism,
		nonce.toString('base64url'),
		hash.toString('base64url')
	];
	return ['argon2id', ...parts].join('$');
}

/** A hash that no password has: verifying against it costs what verifying a real one costs. */
export function decoyHash(): string {
	const parts = [
		PASSWORD.memory,
		PASSWORD.passes,
		PASSWORD.parallelism,
		randomToken(16),
		randomToken(PASSWORD.tagLength)
	];
	return ['argon2id', ...parts].join('$');
}

/** True when the password made this hash; false for a hash in another form. */
export async function verifyPassword(stored: string, password: string): Promise<boolean> {
	const [name, memory, passes, parallelism, salt, hash] = stored.split('$');
	if (name !== 'argon2id' || !salt || !hash) return false;
	const expected = Buffer.from(hash, 'base64url');
	const actual = await argon2id('argon2id', {
		message: password,
		nonce: Buffer.from(salt, 'base64url'),
		memory: Number(memory),
		passes: Number(passes),
		parallelism: Number(parallelism),
		tagLength: expected.length
	});
	return timingSafeEqual(actual, expected);
}

/** A 32-byte key for one purpose, derived from the platform's secret key. */
export function deriveKey(secretKey: string, purpose: string): Buffer {
	return Buffer.from(hkdfSync('sha256', secretKey, 'tidemark', purpose, 32));
}

/**
 * Seals a secret for storage: a fresh AES-256-GCM key per secret, wrapped by the platform's key.
 * `owner` (organization id + row id) is authenticated, so that a sealed value copied to another row does not open.
 */
export function seal(secretKey: string, owner: string, plain: string): string {
	const dataKey = randomBytes(32);
	const wrapped = encrypt(deriveKey(secretKey, 'credentials'), owner, dataKey);
	return `v1.${wrapped}.${encrypt(dataKey, owner, Buffer.from(plain))}`;
}

/**
 * Opens what `seal` made.
 * @throws Error when the key, the owner or the value is not the one it was sealed with
 */
export function unseal(secretKey: string, owner: string, sealed: string): string {
	const [version, wrapped, body] = sealed.split('.');
	if (version !== 'v1' || !wrapped || !body) throw new Error('A stored secret has an unknown form.');
	const dataKey = decrypt(deriveKey(secretKey, 'credentials'), owner, wrapped);
	return decrypt(dataKey, owner, body).toString();
}

function encrypt(key: Buffer, owner: string, plain: Buffer): string {
	const iv = randomBytes(12);
	const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(owner));
	return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

function decrypt(key: Buffer, owner: string, packed: string): Buffer {
	const bytes = Buffer.from(packed, 'base64url');
	const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(owner));
	decipher.setAuthTag(bytes.subarray(-16));
	return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
}
