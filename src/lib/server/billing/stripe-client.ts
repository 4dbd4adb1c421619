import { z } from 'zod';
import { Unavailable } from '../platform/errors.ts';
import { settings } from '../platform/running.ts';

const TIMEOUT_MS = 20_000;
const MAX_BODY = 8 * 1024 * 1024;
const PAGE = 100;
/** The version whose shapes are read below. */
const VERSION = '2026-10-28.endive';

const seconds = z.number().int().nonnegative();
const ref = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]);

const customer = z.union([
	z.object({ id: z.string(), deleted: z.literal(true) }),
	z.object({
		id: z.string(),
		deleted: z.literal(false).optional(),
		delinquent: z.boolean().nullish(),
		metadata: z.record(z.string(), z.string()).nullish()
	})
]);
export type StripeCustomer = z.output<typeof customer>;

const subscription = z.object({
	id: z.string(),
	customer: ref,
	status: z.string().max(40),
	cancel_at_period_end: z.boolean(),
	cancel_at: seconds.nullish(),
	ended_at: seconds.nullish(),
	trial_end: seconds.nullish(),
	created: seconds,
	livemode: z.boolean(),
	current_period_end: seconds.nullish(),
	items: z.object({
		data: z.array(
			z.object({
				price: z.object({ id: z.string() }).nullish(),
				quantity: z.number().int().nullish(),
				current_period_end: seconds.nullish()
			})
		)
	})
});
export type StripeSubscription = z.output<typeof subscription>;
const subscriptionList = z.object({ data: z.array(subscription), has_more: z.boolean() });

const session = z.object({
	id: z.string(),
	customer: ref.nullish(),
	client_reference_id: z.string().nullish(),
	mode: z.string().nullish()
});
export type StripeSession = z.output<typeof session>;

/** A customer as Stripe has it now; null where Stripe knows none. @throws Unavailable, Error for an answer of another shape */
export function fetchCustomer(id: string): Promise<StripeCustomer | null> {
	return get(`/v1/customers/${encodeURIComponent(id)}`, customer);
}

/** A checkout session as it is now; null where Stripe knows none. @throws as `fetchCustomer` */
export function fetchSession(id: string): Promise<StripeSession | null> {
	return get(`/v1/checkout/sessions/${encodeURIComponent(id)}`, session);
}

/** The customer of a subscription as it is now; null where Stripe knows none. @throws as `fetchCustomer` */
export async function fetchCustomerOfSubscription(id: string): Promise<string | null> {
	return (await get(`/v1/subscriptions/${encodeURIComponent(id)}`, subscription))?.customer ?? null;
}

/** All subscriptions of a customer, ended ones too. @throws as `fetchCustomer` */
export async function fetchSubscriptions(customerId: string): Promise<StripeSubscription[]> {
	const found: StripeSubscription[] = [];
	for (;;) {
		const query = new URLSearchParams({ customer: customerId, status: 'all', limit: String(PAGE) });
		const last = found.at(-1);
		if (last) query.set('starting_after', last.id);
		const page = await get(`/v1/subscriptions?${query}`, subscriptionList);
		if (!page) return found;
		found.push(...page.data);
		if (!page.has_more || page.data.length === 0) return found;
	}
}

async function get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema> | null> {
	const { STRIPE_API_URL, STRIPE_SECRET_KEY } = settings();
	if (!STRIPE_SECRET_KEY) throw new Unavailable('STRIPE_SECRET_KEY is not set: Stripe cannot be asked.', 60);
	let response: Response;
	try {
		response = await fetch(STRIPE_API_URL + path, {
			headers: { authorization: `Bearer ${STRIPE_SECRET_KEY}`, 'stripe-version': VERSION },
			redirect: 'error',
			signal: AbortSignal.timeout(TIMEOUT_MS)
		});
	} catch (cause) {
		throw new Unavailable(`Stripe could not be reached (${(cause as Error).name}).`, 5);
	}
	if (response.status === 404) {
		await response.body?.cancel();
		return null;
	}
	if (!response.ok) {
		await response.body?.cancel();
		const why = response.status === 401 ? 'refused STRIPE_SECRET_KEY' : `answered ${response.status}`;
		throw new Unavailable(`Stripe ${why}.`, 30);
	}
	if (Number(response.headers.get('content-length') ?? 0) > MAX_BODY)
		throw new Unavailable('An answer of Stripe is too large.', 60);
	return schema.parse(await response.json());
}
