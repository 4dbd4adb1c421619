import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startEmbeddedPostgres } from '../src/lib/server/platform/embedded/postgres.ts';

test('a database directory moves, and its server is adopted when it is still running', async () => {
	const parent = mkdtempSync(path.join(tmpdir(), 'tidemark-move-'));
	const first = await startEmbeddedPostgres(path.join(parent, 'a'));
	const again = await startEmbeddedPostgres(path.join(parent, 'a'));
	expect(again).toMatchObject({ adopted: true, pid: first.pid });
	await first.stop();
	renameSync(path.join(parent, 'a'), path.join(parent, 'b'));
	const moved = await startEmbeddedPostgres(path.join(parent, 'b'));
	expect(moved.adopted).toBe(false);
	await moved.stop();
	rmSync(parent, { recursive: true, force: true });
});
