import { log } from '#lib/server/platform/log.ts';
import { parseSettings } from '#lib/server/platform/settings.ts';
import { start } from './start.ts';

const started = await start(parseSettings({ ...process.env, JOBS: 'on' }));
log.info('worker ready');
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
	process.once(signal, () => void started.stop().then(() => process.exit(0)));
}
