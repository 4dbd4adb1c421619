import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { callAdmin, registerAdminCommand, startAdminSocket } from './admin-socket.ts';

test('a tool calls a command of the running app, with progress; a long path works too', async () => {
	const dataDir = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'admin-')), 'x'.repeat(90));
	fs.mkdirSync(dataDir);
	expect(await callAdmin(dataDir, 'double', { n: 2 })).toBeNull();
	registerAdminCommand('double', async (input, emit) => {
		emit('half way');
		return Number(input.n) * 2;
	});
	registerAdminCommand('fails', async () => {
		throw new Error('no disk left');
	});
	const socket = await startAdminSocket(dataDir);
	const progress: unknown[] = [];
	expect(await callAdmin(dataDir, 'double', { n: 2 }, (line) => progress.push(line))).toEqual({ result: 4 });
	expect(progress).toEqual(['half way']);
	await expect(callAdmin(dataDir, 'fails')).rejects.toThrow('no disk left');
	await expect(callAdmin(dataDir, 'nonsense')).rejects.toThrow(/Unknown command nonsense/);
	expect(fs.statSync(path.join(dataDir, 'admin.sock')).mode & 0o077).toBe(0);
	await socket.close();
	expect(await callAdmin(dataDir, 'double', { n: 2 })).toBeNull();
});
