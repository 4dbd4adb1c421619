import { remember } from '../platform/cache.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Snapshot } from './ask.ts';

/** Seconds a whole answer is kept: what else it reads from PostgreSQL (names, rates, costs) moves the position within a second. */
const SECONDS = 10;

/**
 * A whole answer at a snapshot, made once for all who may see the same: members with the same limits, in the same minute (a running
 * period is compared up to the minute). Ask for permission before. The answer is shared: treat it as frozen.
 */
export function answered<T>(
	ctx: Ctx,
	name: string,
	at: Snapshot,
	input: unknown,
	now: Date,
	make: () => Promise<T>
): Promise<T> {
	const { id, currency } = ctx.organization;
	const minute = Math.floor(now.getTime() / 60_000);
	const key = JSON.stringify(['answer', name, id, currency, at, ctx.scope, input, minute]);
	return remember(key, SECONDS, make);
}
