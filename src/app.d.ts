import type { Ctx } from '#lib/server/platform/ctx.ts';

declare global {
	namespace App {
		interface Locals {
			requestId: string;
			/** The client's address, behind a trusted proxy the forwarded one. */
			address: string;
			/** The signed-in person; null for visitors. */
			user: { id: string; name: string; email: string; emailVerified: boolean; sessionId: string } | null;
			/** Set below /[org]: the organization, the actor and the permissions. Elsewhere reading it throws NotFound. */
			ctx: Ctx;
			/** What metrics call the address where one route serves many. */
			route?: string;
			/** Seconds for the Retry-After header of a refused request. */
			retryAfter?: number;
		}
		interface Error {
			message: string;
			/** Request id: what to tell the operator. */
			id?: string;
			fields?: Record<string, string>;
		}
	}
}
export {};
