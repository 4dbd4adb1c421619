import { vi } from 'vitest';
import { backgroundDone } from '../../src/lib/server/platform/background.ts';
import { WORTH } from '../../src/lib/server/analytics/spans/known.ts';
import { forgetAll } from '../../src/lib/server/platform/cache.ts';

WORTH.rows = 1; // a shop of a test is small

/** Later than what was made at the time of the last call is settled. */
const STEP_MS = 3 * 60_000;
let ahead = 0;

/** Asks as somebody does for whom nothing has changed for minutes, so that sums of its days are kept, and once more, which reads them. */
export async function askKept<T>(ask: () => Promise<T>): Promise<T> {
	vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (ahead += STEP_MS) });
	try {
		forgetAll();
		await ask();
		await backgroundDone();
		forgetAll();
		return await ask();
	} finally {
		vi.useRealTimers();
	}
}
