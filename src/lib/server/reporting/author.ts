import type { Ctx } from '../platform/ctx.ts';

/** The person behind an act; null for jobs. */
export function authorOf({ actor }: Ctx): string | null {
	return actor.kind === 'member' || actor.kind === 'api_key' ? actor.userId : null;
}
