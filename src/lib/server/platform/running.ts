import type { Platform } from './boot.ts';
import { Unavailable } from './errors.ts';
import type { Settings } from './settings.ts';

type Running = Pick<Platform, 'settings' | 'secretKey'>;
const held = globalThis as unknown as { tidemarkRunning?: Running };

/** Sets what this process runs with; called once by the start, and by tests. */
export function useRunning(running: Running): void {
	held.tidemarkRunning = running;
}

function running(): Running {
	if (!held.tidemarkRunning) throw new Unavailable('The server is still starting.', 1);
	return held.tidemarkRunning;
}

/** The operator's settings. @throws Unavailable before the platform has started */
export function settings(): Settings {
	return running().settings;
}

/** The key that wraps stored secrets and signs states. @throws Unavailable before the platform has started */
export function secretKey(): string {
	return running().secretKey;
}
