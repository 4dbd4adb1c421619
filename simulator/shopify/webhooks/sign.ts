import { createHmac } from 'node:crypto';
import type { Tenant } from '../tenant.ts';
import type { Subscription } from './subscription.ts';

export interface Delivery {
	tenant: Tenant;
	subscription: Subscription;
	topic: string;
	body: string;
	webhookId: string;
	eventId: string;
	triggeredAt: number;
	attempt: number;
	/** A delivery that must be refused (fault F19). */
	forged: 'signature' | 'reserialised' | 'missing' | null;
}

/** Base64 HMAC-SHA256 of a raw body, the value of X-Shopify-Hmac-Sha256. */
export function signBody(body: string, secret: string): string {
	return createHmac('sha256', secret).update(body).digest('base64');
}

/** Body and headers of a delivery as they go over the wire; forged ones are wrong in the way they say. */
export function signed(delivery: Delivery, withPrevious: boolean) {
	const { tenant, forged } = delivery;
	const { clientSecret, previousSecret } = tenant.app;
	const secret = withPrevious && previousSecret ? previousSecret : clientSecret;
	let { body } = delivery;
	let signature: string | null = signBody(body, secret);
	if (forged === 'signature') {
		signature = signBody(body, 'not-the-secret');
	} else if (forged === 'reserialised') {
		body = JSON.stringify(JSON.parse(body), null, 1);
	} else if (forged === 'missing') {
		signature = null;
	}
	const headers: Record<string, string> = {
		'Content-Type': 'application/json',
		'User-Agent': 'Shopify-Captain-Hook',
		'X-Shopify-Topic': delivery.topic,
		'X-Shopify-Shop-Domain': tenant.shop.domain,
		'X-Shopify-API-Version': tenant.faults.has('F37') ? '2026-10' : delivery.subscription.apiVersion,
		'X-Shopify-Webhook-Id': delivery.webhookId,
		'X-Shopify-Event-Id': delivery.eventId,
		'X-Shopify-Triggered-At': new Date(delivery.triggeredAt).toISOString()
	};
	if (signature) headers['X-Shopify-Hmac-Sha256'] = signature;
	if (delivery.subscription.name) headers['X-Shopify-Name'] = delivery.subscription.name;
	return { body, headers };
}
