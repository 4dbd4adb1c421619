// npm run olap:rebuild: makes the facts in ClickHouse anew from PostgreSQL, while the app serves.
import fs from 'node:fs';
import { rebuildCommand, type RebuiltAll } from '#lib/server/analytics/index.ts';
import { callAdmin } from '#lib/server/platform/admin-socket.ts';
import { bootPlatform } from '#lib/server/platform/boot.ts';
import { useRunning } from '#lib/server/platform/running.ts';
import { parseSettings } from '#lib/server/platform/settings.ts';
import { readOptions } from './command-line.ts';

const values = readOptions(
	`Usage: npm run olap:rebuild -- [--organization SLUG]

Reads all orders from PostgreSQL and fills new facts and rollups in ClickHouse; readers see the old ones until the new
ones are complete. While the app runs on DATA_DIR (default .data) the app does it, otherwise this command opens the stores.
Exit code 0 when done, 1 when it could not be done, 2 for a wrong call.`,
	{ organization: { type: 'string' } }
);
if (fs.existsSync('.env')) process.loadEnvFile('.env');
process.env.LOG_LEVEL ??= 'warn';

try {
	const settings = parseSettings(process.env);
	const input = values.organization === undefined ? {} : { organization: values.organization };
	const answer = await callAdmin<RebuiltAll>(settings.DATA_DIR, 'olap:rebuild', input, show);
	report(answer ? answer.result : await alone());
	process.exit(0);

	async function alone(): Promise<RebuiltAll> {
		const platform = await bootPlatform(settings);
		useRunning(platform);
		try {
			return await rebuildCommand(input, show);
		} finally {
			await platform.stop();
		}
	}
} catch (error) {
	console.error((error as Error).message);
	process.exit(1);
}

function show(progress: unknown): void {
	const { slug, step, done, total, seconds } = progress as {
		slug: string;
		step: string;
		done: number;
		total: number;
		seconds: number;
	};
	const rate = seconds > 0 ? `, ${Math.round(done / seconds).toLocaleString('en')} orders/s` : '';
	console.log(
		`${slug}  ${step}  ${done.toLocaleString('en')} of ${total.toLocaleString('en')} orders  ${seconds.toFixed(1)} s${rate}`
	);
}

function report({ organizations }: RebuiltAll): void {
	if (organizations.length === 0) console.log('There is no organization yet: nothing to fill.');
	for (const { slug, orders, seconds } of organizations)
		console.log(`${slug}  done: ${orders.toLocaleString('en')} orders in ${seconds.toFixed(1)} s`);
}
