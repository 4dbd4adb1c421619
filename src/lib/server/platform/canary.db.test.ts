import { expect, test } from 'vitest';
import { checkSecretKey } from './canary.ts';

test('another key than the first is refused at start', async () => {
	await checkSecretKey('the first key, long enough to be one');
	await checkSecretKey('the first key, long enough to be one');
	await expect(checkSecretKey('another key, long enough to be one')).rejects.toThrow(/SECRET_KEY/);
});
