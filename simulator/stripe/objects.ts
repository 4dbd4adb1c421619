import { createHmac } from 'node:crypto';

type Fields = Record<string, unknown>;

/** A subscription of one price. */
export function makeSubscription(given: Fields & { id: string; customer: string }): Fields {
	return {
		object: 'subscription',
		status: 'active',
		cancel_at_period_end: false,
		cancel_at: null,
		canceled_at: null,
		ended_at: null,
		trial_end: null,
		created: 1_764_000_000,
		currency: 'usd',
		livemode: false,
		metadata: {},
		items: {
			object: 'list',
			url: `/v1/subscription_items?subscription=${given.id}`,
			has_more: false,
			data: [
				{
					id: `si_${given.id}`,
					object: 'subscription_item',
					subscription: given.id,
					quantity: 1,
					created: 1_764_000_000,
					current_period_start: 1_764_000_000,
					current_period_end: 1_766_592_000,
					metadata: {},
					price: {
						id: 'price_growth',
						object: 'price',
						currency: 'usd',
						unit_amount: 4900,
						active: true,
						type: 'recurring'
					}
				}
			]
		},
		...given
	};
}

export function makeCustomer(given: Fields & { id: string }): Fields {
	return {
		object: 'customer',
		created: 1_764_000_000,
		delinquent: false,
		email: null,
		livemode: false,
		metadata: {},
		...given
	};
}

export function makeSession(given: Fields & { id: string }): Fields {
	return {
		object: 'checkout.session',
		mode: 'subscription',
		status: 'complete',
		livemode: false,
		client_reference_id: null,
		customer: null,
		metadata: {},
		...given
	};
}

/** An event as Stripe sends it: the object as it was at that time. */
export function makeEvent(id: string, type: string, object: Fields): string {
	return JSON.stringify({
		id,
		object: 'event',
		type,
		api_version: '2026-10-28.endive',
		created: 1_764_000_000,
		livemode: false,
		pending_webhooks: 1,
		request: { id: null, idempotency_key: null },
		data: { object }
	});
}

/** The `Stripe-Signature` of a body, signed at `at` (milliseconds). */
export function signatureOf(body: string, secret: string, at = Date.now()): string {
	const t = Math.floor(at / 1000);
	return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}
