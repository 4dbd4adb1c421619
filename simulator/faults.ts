import { AMAZON_FAULTS } from './amazon/faults.ts';
import { STRIPE_FAULTS } from './stripe/faults.ts';
import { WALMART_FAULTS } from './walmart/faults.ts';

/** What each fault does; the letters are those of channels/faults.json. */
export const FAULTS: Readonly<Record<string, string>> = {
	...AMAZON_FAULTS,
	F16: 'every third GraphQL call answers THROTTLED with HTTP 200',
	F17: 'every webhook is delivered three times with one id, two of them at the same instant',
	F18: 'orders/updated arrives before orders/create; later a retry carries the stale first payload',
	F19: 'beside each good webhook come three with a bad, a re-serialised and a missing signature',
	F20: 'deliveries are lost and the subscriptions are deleted',
	F21: 'new orders are soon refunded in part, in shipping only, without restock, or edited',
	F22: 'new orders are paid in EUR, and half of them refunded',
	F23: 'new orders are test orders, gift cards, or cancelled before capture, in turn',
	F24: 'bulk operations fail with partial data, scatter children among blank lines, or expire, in turn',
	F25: 'new orders have 180 lines',
	F26: 'access tokens live 20 seconds; refresh tokens work once',
	...WALMART_FAULTS,
	...STRIPE_FAULTS,
	F37: 'unknown enum values and fields, and a newer X-Shopify-API-Version',
	F38: 'the app is uninstalled (ten seconds after the start): tokens die, app/uninstalled and the privacy topics are sent'
};

/** Throws with the list of known faults when one is unknown. */
export function parseFaults(names: readonly string[]): string[] {
	for (const name of names) {
		if (!FAULTS[name]) throw new Error(`Unknown fault "${name}". Known: ${Object.keys(FAULTS).join(', ')}`);
	}
	return [...names];
}

/** F37: a status and a field the client has never heard of, put into a reply or a webhook body. */
export function addUnknowns(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(addUnknowns);
	if (value === null || typeof value !== 'object') return value;
	const copy: Record<string, unknown> = {};
	for (const [key, item] of Object.entries(value)) {
		if (key === 'displayFulfillmentStatus') copy[key] = 'HANDED_TO_COURIER_DRONE';
		else if (key === 'fulfillment_status') copy[key] = 'handed_to_courier_drone';
		else if (key === 'financial_status') copy[key] = 'settled_later';
		else copy[key] = addUnknowns(item);
	}
	if ('id' in copy) copy.fieldOfTomorrow = { answer: 42 };
	return copy;
}
