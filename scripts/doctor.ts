// npm run doctor: what an installation needs, one line each; exit code 1 when something is wrong.
import fs from 'node:fs';
import { callAdmin } from '#lib/server/platform/admin-socket.ts';
import { bootPlatform } from '#lib/server/platform/boot.ts';
import { diagnose, type Finding } from '#lib/server/platform/doctor.ts';
import { useRunning } from '#lib/server/platform/running.ts';
import { parseSettings } from '#lib/server/platform/settings.ts';
import { readOptions } from './command-line.ts';

const values = readOptions(
	`Usage: npm run doctor -- [--json]

Checks the installation of DATA_DIR (default .data): both stores, roles, row-level security, secret key, disk, mail.
While the app runs it asks the app; otherwise it opens the stores itself.
Exit code 1 when something is wrong, 2 for a wrong call.`,
	{ json: { type: 'boolean' } }
);
if (fs.existsSync('.env')) process.loadEnvFile('.env');
process.env.LOG_LEVEL ??= 'warn';

const findings = await examine();
if (values.json) console.log(JSON.stringify(findings, null, '\t'));
else
	for (const { check, ok, detail } of findings)
		console.log(`${ok ? 'ok  ' : 'FAIL'}  ${check.padEnd(20)} ${detail}`);
process.exit(findings.every((finding) => finding.ok) ? 0 : 1);

async function examine(): Promise<Finding[]> {
	try {
		const settings = parseSettings(process.env);
		const answer = await callAdmin<Finding[]>(settings.DATA_DIR, 'doctor');
		if (answer) return [{ check: 'App', ok: true, detail: 'running' }, ...answer.result];
		if (!(settings.DATABASE_URL && settings.CLICKHOUSE_URL) && !fs.existsSync(settings.DATA_DIR))
			return [
				{
					check: 'Start',
					ok: false,
					detail: `there is no ${settings.DATA_DIR}: start the app first, or set DATA_DIR`
				}
			];
		const platform = await bootPlatform(settings);
		useRunning(platform);
		const found = await diagnose();
		await platform.stop();
		return [
			{ check: 'App', ok: true, detail: 'not running; the stores were opened for this check' },
			...found
		];
	} catch (error) {
		return [{ check: 'Start', ok: false, detail: (error as Error).message }];
	}
}
