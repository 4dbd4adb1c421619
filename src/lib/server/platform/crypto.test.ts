import { expect, test } from 'vitest';
import { constantTimeEqual, hashPassword, seal, unseal, verifyPassword } from './crypto.ts';

const KEY = 'a test key of more than thirty-two characters';

test('a sealed secret opens for its owner only', () => {
	const sealed = seal(KEY, 'organization:row', 'shpat_secret');
	expect(sealed).not.toContain('shpat_secret');
	expect(unseal(KEY, 'organization:row', sealed)).toBe('shpat_secret');
	expect(() => unseal(KEY, 'organization:other-row', sealed)).toThrow();
	expect(() => unseal(`${KEY}!`, 'organization:row', sealed)).toThrow();
	expect(() => unseal(KEY, 'organization:row', sealed.slice(0, -2) + 'AA')).toThrow();
});

test('sealing twice gives two values', () => {
	expect(seal(KEY, 'o', 'x')).not.toBe(seal(KEY, 'o', 'x'));
});

test('passwords verify, and the parameters stand in the hash', async () => {
	const hash = await hashPassword('correct horse battery');
	expect(hash).toMatch(/^argon2id\$47104\$1\$1\$/);
	expect(await verifyPassword(hash, 'correct horse battery')).toBe(true);
	expect(await verifyPassword(hash, 'correct horse batterz')).toBe(false);
	expect(await verifyPassword('none', 'anything')).toBe(false);
});

test('comparison of different lengths is false, not an error', () => {
	expect(constantTimeEqual('a', 'ab')).toBe(false);
	expect(constantTimeEqual('ab', 'ab')).toBe(true);
});
