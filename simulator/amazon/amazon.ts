import type { IncomingMessage } from 'node:http';
import type { Tenant } from '../shopify/tenant.ts';
import type { Simulator } from '../simulator.ts';
import { answerApi } from './api.ts';
import { answerConsent, answerLwa } from './lwa.ts';
import { marketplaceOf } from './marketplaces.ts';
import { digest, type Reply } from './reply.ts';
import { readDocument } from './reports/job.ts';
import { createSeller, type AmazonSeller } from './seller.ts';
import { isSigned, type Key } from './sigv4.ts';
import { answerSqs, Queue } from './sqs.ts';
import { homeSite, sitesOf } from '../world/market/sites.ts';

/** Everything under /amazon: the API, Login with Amazon (/amazon/lwa), a queue (/amazon/sqs) and documents. */
export interface Amazon {
	sellers: AmazonSeller[];
	sellerOf(tenant: Tenant): AmazonSeller;
	answer(request: IncomingMessage, url: URL, body: string): Promise<Reply>;
	/** What the ready line says of it. */
	ready(): Record<string, unknown>;
}

/** The Amazon side of all shops; null when the simulator runs without it. */
export function createAmazon(simulator: Simulator): Amazon | null {
	const plan = simulator.options.markets.get('amazon');
	if (!plan) return null;
	const key: Key = {
		accessKeyId: `AKIA${digest([simulator.options.seed, 'sqs'], 16).toUpperCase()}`,
		secretAccessKey: digest([simulator.options.seed, 'sqs secret'], 40)
	};
	// The application has one queue and one list of destinations for all its sellers.
	const shared = { queue: new Queue('tidemark-orders'), destinations: new Map() };
	const sellers: AmazonSeller[] = [];
	for (const tenant of simulator.tenants) sellers.push(createSeller(simulator, tenant, shared, sellers));

	async function queue(request: IncomingMessage, url: URL, body: string): Promise<Reply> {
		const headers = plain(request);
		const path = url.pathname;
		if (!isSigned({ method: request.method ?? 'GET', path, search: url.search, headers, body }, key)) {
			const message = 'The request signature we calculated does not match the signature you provided.';
			return { status: 403, body: { __type: 'com.amazonaws.sqs#InvalidSignatureException', message } };
		}
		const target = headers['x-amz-target'] ?? '';
		const reply = await answerSqs([shared.queue], target, path, parsed(body));
		return { ...reply, headers: { 'Content-Type': 'application/x-amz-json-1.0', ...reply.headers } };
	}

	return {
		sellers,
		sellerOf: (tenant) => sellers.find((one) => one.tenant === tenant)!,
		async answer(request, url, body) {
			const path = url.pathname.slice('/amazon'.length);
			if (path.startsWith('/sqs')) return queue(request, url, body);
			if (path.startsWith('/lwa') && request.method === 'POST') {
				const json = request.headers['content-type']?.includes('json');
				return answerLwa(sellers, json ? parsed(body) : Object.fromEntries(new URLSearchParams(body)));
			}
			if (path === '/apps/authorize/consent') return answerConsent(sellers, url.searchParams);
			const document = /^\/documents\/([^/]+)$/.exec(path);
			if (document) {
				for (const seller of sellers) {
					const reply = readDocument(seller, document[1]!);
					if (reply) return reply;
				}
				return { status: 404, body: '' };
			}
			const call = {
				method: request.method ?? 'GET',
				path,
				query: url.searchParams,
				headers: plain(request),
				body
			};
			return answerApi(sellers, call);
		},
		ready() {
			const [first] = sellers as [AmazonSeller];
			const { currency } = first.tenant.shop;
			const codes = plan.sites.length > 0 ? plan.sites : [homeSite('amazon', currency)];
			const marketplaces = sitesOf(codes, currency).map(marketplaceOf);
			return {
				apiUrl: `${simulator.baseUrl}/amazon`,
				lwaUrl: `${simulator.baseUrl}/amazon/lwa`,
				consentUrl: `${simulator.baseUrl}/amazon/apps/authorize/consent`,
				sqsUrl: `${simulator.baseUrl}/amazon/sqs`,
				queueUrl: first.queueUrl(),
				queueArn: first.queue.arn,
				...key,
				clientId: first.clientId,
				clientSecret: first.clientSecret,
				applicationId: first.applicationId,
				sellerId: first.sellerId,
				refreshToken: first.refreshToken,
				region: marketplaces[0]!.region,
				marketplaceIds: marketplaces.map(({ id }) => id),
				...(sellers.length > 1 && {
					sellers: sellers.map((one) => ({ shop: one.tenant.shop.domain, sellerId: one.sellerId, refreshToken: one.refreshToken })) // prettier-ignore
				})
			};
		}
	};
}

function plain(request: IncomingMessage): Record<string, string | undefined> {
	return Object.fromEntries(
		Object.entries(request.headers).map(([name, value]) => [
			name,
			Array.isArray(value) ? value.join(',') : value
		])
	);
}

function parsed(body: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(body || '{}');
		if (value !== null && typeof value === 'object' && !Array.isArray(value))
			return value as Record<string, unknown>;
	} catch {
		// Answered as an empty request: what is missing is refused by name.
	}
	return {};
}
