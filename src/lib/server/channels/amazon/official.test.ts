import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { toChannelOrder } from '../../orders/index.ts';
import { figuresByDay } from '../../orders/index.ts';
import { object, objects, type Json } from '../json.ts';
import { explainLwa, refusalOf } from './errors.ts';
import { readOrderChange } from './notifications.ts';
import { canonicalOrder } from './orders/canonical.ts';
import { readOrder } from './orders/read-order.ts';
import { readListing } from './sync/catalog.ts';
import { readTopics } from './sync/feedback.ts';
import { readVisits } from './sync/traffic.ts';
import { readTransaction } from './transactions.ts';

// Amazon's own examples, which are no part of this repository: skipped where they are not at hand.
const folder = path.resolve('../shared/channels/amazon');
const here = fs.existsSync(folder);

interface Case {
	operationId: string;
	status: number;
	response: Json;
}
const casesOf = (file: string): Case[] =>
	(
		JSON.parse(fs.readFileSync(path.join(folder, 'fixtures', `${file}.sandbox.json`), 'utf8')) as {
			cases: Case[];
		}
	).cases;
const answers = (file: string, operation: string) =>
	casesOf(file)
		.filter(({ operationId, status }) => operationId === operation && status === 200)
		.map(({ response }) => response);

describe.skipIf(!here)('Amazon’s sandbox answers, out of ../shared', () => {
	const orders = () => [
		...answers('orders_2026-01-01', 'searchOrders').flatMap((answer) => objects(answer.orders, 'orders')),
		...answers('orders_2026-01-01', 'getOrder').map((answer) => object(answer.order)!)
	];

	test('all orders are understood, and their money adds up to what Amazon says', () => {
		expect(orders().length).toBeGreaterThanOrEqual(6);
		for (const node of orders()) {
			const order = toChannelOrder(canonicalOrder(readOrder(node), 'USD'), {
				payload: JSON.stringify(node),
				source: 'poll'
			});
			expect(order).toMatchObject({ externalId: node.orderId, customer: null, priceKnown: true });
			expect(figuresByDay({ ...order, kind: 'sale' }, 'UTC')).toHaveLength(1);
			const sum = order.lines.reduce((all, line) => all + Number(line.gross) - Number(line.discount), 0);
			const total = sum + Number(order.shipping) + Number(order.tax);
			if (node.orderId !== '250-1234567-8901234') expect(total).toBeCloseTo(Number(order.total), 2);
		}
	});

	test('the Japanese example, whose own total is 40 yen above its items, keeps both', () => {
		const node = orders().find(({ orderId }) => orderId === '250-1234567-8901234')!;
		const order = canonicalOrder(readOrder(node), 'USD');
		expect(order).toMatchObject({ currency: 'JPY', total: '19940.00', status: 'shipped' });
		expect(order.lines.map(({ gross }) => gross)).toEqual(['5980.00', '13960.00']);
	});

	test('transactions without parts of a sale leave nothing of the sale behind', () => {
		const nodes = answers('finances_2024-06-19', 'listTransactions').flatMap((answer) =>
			objects(object(answer.payload)?.transactions, 'transactions')
		);
		expect(nodes.length).toBeGreaterThan(0);
		for (const node of nodes) expect(readTransaction(node)).toEqual({ movements: [], refund: null });
	});

	test('listings and review topics', () => {
		const listings = answers('listingsItems_2021-08-01', 'searchListingsItems').flatMap((answer) =>
			objects(answer.items, 'items')
		);
		expect(listings.length).toBeGreaterThan(0);
		for (const node of listings)
			expect(readListing(node)).toMatchObject({ sku: node.sku, externalId: node.sku });
		const [topics] = answers('customerFeedback_2024-06-01', 'getItemReviewTopics').map(readTopics);
		expect(topics!.map(({ sentiment }) => sentiment)).toEqual(
			expect.arrayContaining(['positive', 'negative'])
		);
	});

	test('the schemas’ own examples: a notification, a report of visits', () => {
		const schema = (name: string) =>
			JSON.parse(fs.readFileSync(path.join(folder, 'schemas', `${name}.json`), 'utf8')) as {
				examples: Json[];
			};
		const change = readOrderChange(JSON.stringify(schema('OrderChangeNotification').examples[0]));
		expect(change).toMatchObject({ orderId: '903-8868176-2219830', sellerId: 'A3TH9S8BH6GOGM' });
		const report = schema('sellerSalesAndTrafficReport').examples[0]!;
		expect(readVisits(report, null)[0]).toMatchObject({
			day: '2021-06-11',
			sessions: 1000,
			page_views: 1658,
			units: 23
		});
		expect(readVisits(report, '2021-06-11').length).toBeGreaterThan(0);
	});

	test('every refusal of every model is read', () => {
		const files = fs
			.readdirSync(path.join(folder, 'fixtures'))
			.map((name) => name.replace('.sandbox.json', ''));
		const refusals = files.flatMap(casesOf).filter(({ status }) => status >= 400);
		expect(refusals.length).toBeGreaterThan(40);
		for (const { status, response } of refusals) {
			const refusal = refusalOf(status, JSON.stringify(response));
			expect(refusal.code).not.toBe('');
			expect(refusal.status).toBe(status);
		}
	});
});

describe('what Login with Amazon refuses', () => {
	const said = (error: string, error_description: string) => JSON.stringify({ error, error_description });
	test.each([
		[400, 'invalid_grant', 'The request has an invalid grant parameter : refresh_token. User may have revoked or didn\'t grant the permission.', 'refreshToken', 'Authorize'], // prettier-ignore
		[401, 'invalid_client', 'Client authentication failed', 'clientSecret', '180 days'],
		[
			400,
			'invalid_client',
			'The request has an invalid parameter : client_id',
			'clientId',
			'application-oa2-client'
		],
		[400, 'unauthorized_client', 'Not authorized for requested operation', 'refreshToken', 'same app']
	])('%s %s is an error of one field', (status, error, description, field, words) => {
		const refusal = explainLwa(status, said(error, description));
		expect(refusal).toMatchObject({ kind: 'credentials', field });
		expect(refusal.message).toContain(words);
	});
	test('a login that is down is nobody’s fault', () => {
		expect(explainLwa(503, 'Service Unavailable')).toMatchObject({ kind: 'unavailable', field: null });
	});
});
