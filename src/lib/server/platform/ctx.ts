/** Who acts: a member in a browser, a job, a channel's webhook. */
export type Actor =
	| { kind: 'member'; userId: string }
	| { kind: 'api_key'; keyId: string; userId: string }
	| { kind: 'job'; name: string }
	| { kind: 'channel'; connectionId: string }
	| { kind: 'operator' }
	| { kind: 'visitor' };

/** A manager's limits, an intersection; an absent key means all. Locations are ids. */
export interface Scope {
	channels?: string[];
	categories?: string[];
	locations?: string[];
}

/** The organization in whose name something happens. Currency ISO 4217, time zone IANA, locale BCP 47. */
export interface Organization {
	id: string;
	slug: string;
	name: string;
	currency: string;
	timeZone: string;
	locale: string;
	plan: string;
	isDemo: boolean;
}

/** What each verb gets first: where, who, with which rights. Built once a request (hooks) or job (registry). */
export interface Ctx {
	organization: Organization;
	actor: Actor;
	/** Names from the permission table in contracts/permissions.ts. */
	permissions: ReadonlySet<string>;
	scope: Scope | null;
	requestId: string;
}
