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
