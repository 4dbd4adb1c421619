import { constantTimeEqual, hmacBase64 } from '../../platform/crypto.ts';
import { isConnectionError, Unavailable } from '../../platform/errors.ts';
import { log } from '../../platform/log.ts';
import { metrics } from '../../platform/metrics.ts';
import { accountsOf, type Account } from './accounts.ts';
import { afterCommit } from './after-commit.ts';
import { commitRead, readSafely, type Outcome } from './commit.ts';
import type { Delivery } from './delivery.ts';
import { PRIVACY_TOPICS } from '../privacy/request.ts';
import { groupCommit } from './group-commit.ts';
import type { ReadDelivery } from './inbox.ts';

/** Largest body we read: Shopify's largest orders stay far below. */
export const MAX_WEBHOOK_BYTES = 2 * 1024 * 1024;

/** What the route answers. `retryAfter` is in seconds. */
export interface Answer {
	status: 200 | 400 | 401 | 503;
	message: string;
	retryAfter?: number;
}

const committer = groupCommit<ReadDelivery, Outcome>({
	batch: 256,
	waiting: 4096,
	bytes: 64 * 1024 * 1024,
	patience: 30_000,
	commit: commitRead
});

const TOPIC = /^[a-z_]{2,60}\/[a-z_]{2,60}$/;
const SHOP = /^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$/;
const DELIVERY_ID = /^[\x21-\x7e]{1,200}$/;

/**
 * Takes a Shopify webhook: who sent it is proven by the signature over the raw body before anything is read from it, and 200 is
 * answered only after the commit. A delivery that was here before is acknowledged without effect.
 */
export async function receiveShopifyWebhook(headers: Headers, body: Buffer): Promise<Answer> {
	const shop = headers.get('x-shopify-shop-domain')?.toLowerCase() ?? '';
	const topic = headers.get('x-shopify-topic') ?? '';
	const deliveryId = headers.get('x-shopify-webhook-id') ?? '';
	const signature = headers.get('x-shopify-hmac-sha256');
	if (!SHOP.test(shop) || !TOPIC.test(topic) || !DELIVERY_ID.test(deliveryId))
		return answer('malformed', 400, 'A Shopify header is missing or malformed.');
	if (!signature) return answer('refused', 401, 'The signature is missing.');
	try {
		const signers = (await accountsOf(shop)).filter(
			(account) => (!account.privacyOnly || PRIVACY_TOPICS.has(topic)) && signed(account, body, signature)
		);
		if (signers.length === 0) return answer('refused', 401, 'The signature does not fit.');
		const triggeredAt = instant(headers.get('x-shopify-triggered-at'));
		const outcomes = await Promise.all(
			signers.map(async ({ secrets: _secrets, privacyOnly: _only, ...account }) => {
				const delivery: Delivery = { ...account, deliveryId, topic, body, triggeredAt };
				// read now, while PostgreSQL works on the group before
				const item = readSafely(delivery);
				const outcome = await committer.submit(item, body.length);
				if (outcome === 'processed') afterCommit(item);
				return outcome;
			})
		);
		return answer(outcomes[0]!, 200, 'ok');
	} catch (error) {
		if (!(error instanceof Unavailable) && !isConnectionError(error))
			log.error({ err: error, topic, shop }, 'a webhook could not be committed');
		return { ...answer('unavailable', 503, 'Not stored. Send it again.'), retryAfter: 1 };
	}
}

/** Deliveries that wait for a commit, for the health page. */
export function waitingDeliveries(): number {
	return committer.size;
}

function signed({ secrets }: Account, body: Buffer, signature: string): boolean {
	// every secret is tried, so that the time tells nothing about which one fits
	return secrets.map((secret) => constantTimeEqual(hmacBase64(secret, body), signature)).includes(true);
}

function answer(outcome: string, status: Answer['status'], message: string): Answer {
	metrics.webhooks.inc({ channel: 'shopify', outcome });
	return { status, message };
}

function instant(value: string | null): string | null {
	const at = value === null ? NaN : Date.parse(value);
	return Number.isNaN(at) ? null : new Date(at).toISOString();
}
