import { inBackground } from '../platform/background.ts';
import { isConnectionError, Unavailable } from '../platform/errors.ts';
import { log } from '../platform/log.ts';
import { enqueue } from '../platform/queue.ts';
import { settings } from '../platform/running.ts';
import { asSystem } from '../platform/system.ts';
import { readEvent, type Hint } from './events.ts';
import { applyEventJob } from './jobs.ts';
import { isSigned } from './signature.ts';

/** Largest event that is taken: Stripe's are some kilobytes. */
export const MAX_EVENT_BYTES = 1024 * 1024;

export interface Answer {
	status: number;
	message: string;
	/** Seconds. */
	retryAfter?: number;
}

/**
 * Takes an event of Stripe. The signature is over the raw body, and is checked before anything is read. An event counts once,
 * however often and long Stripe sends it. What it says is a hint: a job reads the object from Stripe. 200 comes after the commit.
 */
export async function receiveStripeEvent(headers: Headers, body: Buffer): Promise<Answer> {
	const secrets = settings().STRIPE_WEBHOOK_SECRET;
	if (secrets.length === 0) return { status: 404, message: 'Stripe is not set up on this server.' };
	if (!isSigned(headers.get('stripe-signature'), body, secrets))
		return { status: 400, message: 'The signature does not fit, or is older than five minutes.' };
	let hint: Hint | null;
	try {
		hint = readEvent(body);
	} catch {
		return { status: 400, message: 'This is no event of Stripe.' };
	}
	if (!hint) return { status: 200, message: 'Nothing is kept of this.' };
	const { id, type, objectKind, objectId, customerId } = hint;
	try {
		const [fresh] = await asSystem(
			'billing: mirror what Stripe says',
			({ sql }) => sql<{ id: string }[]>`
			insert into stripe_events (id, type, object_kind, object_id, customer_id)
			values (${id}, ${type}, ${objectKind}, ${objectId}, ${customerId}) on conflict (id) do nothing returning id`
		);
		if (!fresh) return { status: 200, message: 'Known already.' };
		// a crash here loses nothing: the sweep finds the event
		inBackground('reading what Stripe’s event is about', () => enqueue(applyEventJob, { id }, { key: id }));
		return { status: 200, message: 'ok' };
	} catch (error) {
		if (!(error instanceof Unavailable) && !isConnectionError(error))
			log.error({ err: error, event: id }, 'an event of Stripe could not be kept');
		return { status: 503, message: 'Not stored. Send it again.', retryAfter: 1 };
	}
}
