import type { Permission } from '#lib/contracts/permissions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { Forbidden } from '../platform/errors.ts';

/** True when the actor has the permission. */
export function can(ctx: Ctx, permission: Permission): boolean {
	return ctx.permissions.has(permission);
}

/**
 * The first line of each verb.
 * @throws Forbidden in words that fit who asks
 */
export function require(ctx: Ctx, permission: Permission): void {
	if (can(ctx, permission)) return;
	if (ctx.actor.kind === 'visitor')
		throw new Forbidden(
			'The demo is for looking around and cannot be changed. Sign up for an organization of your own.'
		);
	throw new Forbidden();
}
