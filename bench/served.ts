import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Seller } from './panels/generate.ts';
import { openFilled, type Open } from './panels/store.ts';
import { startApp, temporaryFolder, type Child } from './process.ts';

export interface Served {
	app: Child;
	seller: Seller;
	stop(): Promise<void>;
}

/**
 * The built app over stores with many lines. `prepare` runs while they are open and the app is not. Returns when the app has looked
 * through its stores, which it does after each start.
 */
export async function serveFilled(
	{ lines, data }: { lines: number; data: string | undefined },
	prepare: (store: Open) => Promise<void> = async () => {}
): Promise<Served> {
	const temporary = data ? null : temporaryFolder('served');
	const dataDir = path.resolve(data ?? temporary!.path);
	fs.mkdirSync(dataDir, { recursive: true });
	const store = await openFilled(lines, dataDir);
	try {
		await prepare(store);
	} finally {
		await store.close();
	}
	const app = await startApp({
		dataDir,
		env: { API_REQUESTS_PER_MINUTE: '1000000', JOBS: 'off' }
	});
	await idle(app.pid);
	return {
		app,
		seller: store.big,
		stop: async () => {
			await app.stop();
			await temporary?.remove();
		}
	};
}

/** Waits until a process uses less than a tenth of a core for two seconds, at most two minutes (Linux; elsewhere ten seconds). */
async function idle(pid: number): Promise<void> {
	const ticks = () => {
		try {
			const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
			return Number(fields[11]) + Number(fields[12]);
		} catch {
			return null;
		}
	};
	if (ticks() === null) return sleep(10_000);
	for (let calm = 0, waited = 0; calm < 2 && waited < 120; waited++) {
		const before = ticks()!;
		await sleep(1000);
		calm = (ticks() ?? before) - before < 10 ? calm + 1 : 0; // hundredths of a second
	}
}
