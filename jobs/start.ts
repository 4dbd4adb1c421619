import { rebuildCommand, startProjection } from '#lib/server/analytics/index.ts';
import { takeBackRuns } from '#lib/server/channels/index.ts';
import { startDemo } from '#lib/server/demo/index.ts';
import { trainCommand } from '#lib/server/forecasting/index.ts';
import { takeBackImports } from '#lib/server/imports/index.ts';
import { startBridge } from '#lib/server/live/index.ts';
import { bootPlatform, type Platform } from '#lib/server/platform/boot.ts';
import { callAdmin, registerAdminCommand, startAdminSocket } from '#lib/server/platform/admin-socket.ts';
import { endBackground } from '#lib/server/platform/background.ts';
import { checkSecretKey } from '#lib/server/platform/canary.ts';
import { DataDirInUse } from '#lib/server/platform/olap.ts';
import { containCrashes } from '#lib/server/platform/crash.ts';
import { diagnose } from '#lib/server/platform/doctor.ts';
import { checkStores } from '#lib/server/platform/health.ts';
import { log } from '#lib/server/platform/log.ts';
import { startQueue, stopQueue } from '#lib/server/platform/queue.ts';
import { closeRedis } from '#lib/server/platform/redis.ts';
import { useRunning } from '#lib/server/platform/running.ts';
import type { Settings } from '#lib/server/platform/settings.ts';
import { contracts, handlers } from './registry.ts';

/** A started process: the platform with its background work. */
export interface Started {
	platform: Platform;
	/** Ordered: no new work, running jobs, projection, stores. */
	stop(): Promise<void>;
}

/**
 * The composition root: opens the platform, then starts what runs beside requests. The web process and the stand-alone worker
 * use the same start.
 */
export async function start(settings: Settings): Promise<Started> {
	containCrashes();
	// asked before the stores are touched: the other process may use a ClickHouse server, whose lock would not tell
	if (await callAdmin(settings.DATA_DIR, 'status')) throw new DataDirInUse(settings.DATA_DIR);
	const begun = performance.now();
	const platform = await bootPlatform(settings);
	useRunning(platform);
	try {
		await checkSecretKey(platform.secretKey);
		return await startWork(platform, begun);
	} catch (error) {
		await platform.stop();
		throw error;
	}
}

async function startWork(platform: Platform, begun: number): Promise<Started> {
	const { settings } = platform;
	// an embedded database has one process: what runs in it, ran in the one before
	if (!settings.DATABASE_URL) await Promise.all([takeBackRuns(), takeBackImports()]);
	await startQueue(platform.boss, contracts, handlers, settings.JOBS);
	const bridge = await startBridge(settings);
	const projection = startProjection();
	const demo = settings.DEMO && settings.JOBS ? startDemo() : null;
	registerAdminCommand('status', async () => ({
		pid: process.pid,
		timings: platform.timings,
		...(await checkStores())
	}));
	registerAdminCommand('doctor', () => diagnose());
	registerAdminCommand('olap:rebuild', rebuildCommand);
	registerAdminCommand('train', trainCommand);
	const admin = await startAdminSocket(settings.DATA_DIR);
	log.info({ ms: Math.round(performance.now() - begun), ...platform.timings }, 'platform started');
	return {
		platform,
		stop: async () => {
			await admin.close();
			await demo?.stop();
			await stopQueue(settings.SHUTDOWN_TIMEOUT * 500);
			await Promise.all([bridge.stop(), projection.stop(), endBackground()]);
			await closeRedis();
			await platform.stop();
		}
	};
}
