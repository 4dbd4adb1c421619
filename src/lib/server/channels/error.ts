/**
 * What the engine decides by. `credentials`: a person must correct what `field` names. `needs_reauthorization`: a person must
 * act at the channel (a right is missing, the authorization ended). `throttled`: wait, then go on at the same page.
 * `unavailable`: try again later. `rejected`: the channel says our request is wrong, trying again will not help. `aborted`: we
 * stopped it.
 */
export type ChannelErrorKind =
	'credentials' | 'needs_reauthorization' | 'throttled' | 'unavailable' | 'rejected' | 'aborted';

/** What can go wrong at a channel, said so that a seller knows what to do. */
export class ChannelError extends Error {
	override name = 'ChannelError';
	readonly kind: ChannelErrorKind;
	/** The form field that holds the wrong value, when one does. */
	readonly field: string | null;
	/** For `throttled`: milliseconds until it is worth another try. */
	readonly waitMs: number | null;
	constructor(
		kind: ChannelErrorKind,
		message: string,
		field: string | null = null,
		options: ErrorOptions & { waitMs?: number } = {}
	) {
		super(message, options);
		this.kind = kind;
		this.field = field;
		this.waitMs = options.waitMs ?? null;
	}
}

/** True when only a person can help: syncs stop until the account is connected again. */
export function needsPerson(error: unknown): error is ChannelError {
	return (
		error instanceof ChannelError && (error.kind === 'credentials' || error.kind === 'needs_reauthorization')
	);
}

/**
 * The place in a list is lost: its page token expired or is refused in the middle. What was read is kept, the cursor stands
 * where it stood; the engine begins the window again, a few times at most.
 */
export class PageLost extends Error {
	override name = 'PageLost';
	/** Where the window must end instead, when the channel does not let it reach that far yet. */
	readonly endsAt: Date | null;
	constructor(message: string, options: ErrorOptions & { endsAt?: Date } = {}) {
		super(message, options);
		this.endsAt = options.endsAt ?? null;
	}
}
