import { afterAll, expect, test } from 'vitest';
import { startApp, temporaryFolder } from '../../bench/process.ts';

const folder = temporaryFolder('second-process');
afterAll(() => folder.remove());

test('a second process on the same data directory ends with a clear message and leaves the first alone', async () => {
	const app = await startApp({ dataDir: folder.path });
	const failure = await startApp({ dataDir: folder.path }).then(
		() => null,
		(error: Error) => error.message
	);
	expect(failure).toContain('Tidemark did not start.');
	expect(failure).toContain(folder.path);
	expect(failure).not.toMatch(/\n\s+at /); // a message for people, not a stack
	expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
	await app.stop();
}, 120_000);
