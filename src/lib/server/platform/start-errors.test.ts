import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { blaming, openDataDir } from './start-errors.ts';

test('a store that does not answer is named by its setting, without its URL', async () => {
	const server = net.createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as net.AddressInfo;
	await new Promise((resolve) => server.close(resolve)); // nobody listens there now
	const sql = postgres(`postgres://owner:hunter2@127.0.0.1:${port}/x`, { max: 1 });
	const failure = blaming('DATABASE_URL', () => sql`select 1`);
	await expect(failure).rejects.toThrow(/^DATABASE_URL: no server answers there \(ECONNREFUSED\)/);
	await expect(failure).rejects.not.toThrow(/hunter2/);
	const fetched = blaming('CLICKHOUSE_URL', () => fetch(`http://127.0.0.1:${port}`));
	await expect(fetched).rejects.toThrow(/^CLICKHOUSE_URL: no server answers there/);
});

test('a refusal is told in words; what is not about the setting passes through', async () => {
	const refused = (code: string) =>
		blaming('DATABASE_URL', () => Promise.reject(Object.assign(new Error('x'), { code })));
	await expect(refused('28P01')).rejects.toThrow(/user and password/);
	await expect(refused('3D000')).rejects.toThrow(/no such database/);
	await expect(refused('42P07')).rejects.toThrow(/^x$/);
});

test('a file is no data directory', () => {
	const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-')), 'file');
	fs.writeFileSync(file, '');
	expect(() => openDataDir(file)).toThrow(/^DATA_DIR: .*file is no folder/);
	expect(() => openDataDir(path.join(file, 'below'))).toThrow(/^DATA_DIR/);
	fs.rmSync(path.dirname(file), { recursive: true });
});

test('folders above a data directory are made with it', () => {
	const top = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-'));
	openDataDir(path.join(top, 'a', 'b'));
	openDataDir(path.join(top, 'a', 'b'));
	expect(fs.statSync(path.join(top, 'a', 'b')).isDirectory()).toBe(true);
	fs.rmSync(top, { recursive: true });
});

test.skipIf(process.platform !== 'linux')('a data directory in a place that takes no folders is said', () => {
	// in a process of its own: what this is about cannot be interrupted from inside
	const tried = spawnSync(
		process.execPath,
		[
			'--input-type=module',
			'-e',
			`import { openDataDir } from '${import.meta.dirname}/start-errors.ts'; openDataDir('/proc/nope');`
		],
		{ encoding: 'utf8', timeout: 10_000 }
	);
	expect(tried.stderr).toMatch(/DATA_DIR: \/proc\/nope is no folder that this user may write to/);
});
