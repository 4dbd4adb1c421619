import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

const nowhere = path.join(os.tmpdir(), `tidemark-nowhere-${process.pid}`);
const run = (...command: string[]) => {
	const { status, stdout, stderr } = spawnSync(process.execPath, command, {
		encoding: 'utf8',
		env: { ...process.env, DATA_DIR: nowhere, DATABASE_URL: '', CLICKHOUSE_URL: '' }
	});
	return { status, stdout, stderr };
};

test.each(['doctor', 'olap-rebuild', 'train'])('%s: --help and a wrong option', (name) => {
	expect(run(`scripts/${name}.ts`, '--help')).toMatchObject({
		status: 0,
		stdout: expect.stringContaining('Usage:')
	});
	const wrong = run(`scripts/${name}.ts`, '--nonsense');
	expect(wrong.status).toBe(2);
	expect(wrong.stderr).toMatch(/'--nonsense'\nUsage:/);
	expect(wrong.stderr).not.toMatch(/\n\s+at /); // no stack
	expect(fs.existsSync(nowhere)).toBe(false);
});

test('the doctor makes no installation where none is', () => {
	const { status, stdout } = run('scripts/doctor.ts');
	expect(status).toBe(1);
	expect(stdout).toContain(`there is no ${nowhere}`);
	expect(fs.existsSync(nowhere)).toBe(false);
});
