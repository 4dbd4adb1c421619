import { createHash, createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAmazon } from './testing/client.ts';

const US = 'ATVPDKIKX0DER';
const ORDERS = '/orders/2026-01-01/orders';
const TRANSACTIONS = '/finances/2024-06-19/transactions';
const STOCK = `/fba/inventory/v1/summaries?granularityType=Marketplace&granularityId=${US}&marketplaceIds=${US}&details=true`;

let sim: Awaited<ReturnType<typeof startAmazon>>;
let on: string[] = [];
beforeAll(async () => {
	sim = await startAmazon();
});
afterEach(async () => {
	await sim.control({ action: 'faults', off: on });
	on = [];
});
afterAll(() => sim.stop());

async function fault(...ids: string[]) {
	on = ids;
	await sim.control({ action: 'faults', on: ids });
}
const pages = (size: number) => sim.call(`${ORDERS}?createdAfter=2026-11-01&maxResultsPerPage=${size}`);
const nextPage = (token: string) =>
	sim.call(`${ORDERS}?createdAfter=2026-11-01&maxResultsPerPage=5&paginationToken=${token}`);

describe('login', () => {
	it('knows each wrong credential by name', async () => {
		const refresh = { grant_type: 'refresh_token', refresh_token: sim.seller.refreshToken };
		expect((await sim.token({ ...refresh, client_secret: 'wrong' })).body.error).toBe('invalid_client');
		expect((await sim.token({ ...refresh, refresh_token: 'Atzr|wrong' })).body.error).toBe('invalid_grant');
		expect((await sim.token({ grant_type: 'client_credentials', scope: 'x' })).body.error).toBe(
			'invalid_scope'
		);
		expect((await sim.token({ grant_type: 'password' })).body.error).toBe('unsupported_grant_type');
		expect((await sim.token(refresh)).body).toMatchObject({ token_type: 'bearer', expires_in: 3600 });
	});

	it('gives a code at the consent page, good once', async () => {
		const query = new URLSearchParams({ application_id: sim.seller.applicationId, state: 's', redirect_uri: 'http://127.0.0.1/back' }); // prettier-ignore
		const reply = await fetch(`${sim.base}/apps/authorize/consent?${query}`, { redirect: 'manual' });
		const back = new URL(reply.headers.get('location')!);
		expect(back.searchParams.get('selling_partner_id')).toBe(sim.seller.sellerId);
		const grant = { grant_type: 'authorization_code', code: back.searchParams.get('spapi_oauth_code')! };
		expect((await sim.token(grant)).body.refresh_token).toBe(sim.seller.refreshToken);
		expect((await sim.token(grant)).body.error).toBe('invalid_grant');
	});

	it('has one application for several sellers, each with a grant and goods of its own', async () => {
		const two = await startAmazon('--shops', '2');
		const [a, b] = two.simulator.amazon!.sellers as [typeof two.seller, typeof two.seller];
		expect([a.clientId, a.applicationId]).toEqual([b.clientId, b.applicationId]);
		const { body } = await two.token({ grant_type: 'refresh_token', refresh_token: b.refreshToken });
		const own = b.market().orders.at(-5)!.id;
		expect((await two.call(`${ORDERS}/${own}`, { token: body.access_token })).status).toBe(200);
		expect((await two.call(`${ORDERS}/${own}`)).status).toBe(404);
		await two.stop();
	});

	it('keeps tokens of sellers and of the application apart', async () => {
		const grantless = (await sim.token({ grant_type: 'client_credentials', scope: 'sellingpartnerapi::notifications' })).body.access_token as string; // prettier-ignore
		expect((await sim.call(`${ORDERS}?createdAfter=2026-11-01`, { token: grantless })).status).toBe(403);
		expect((await sim.call('/notifications/v1/destinations')).status).toBe(403);
		expect((await sim.call('/notifications/v1/destinations', { token: grantless })).status).toBe(200);
	});
});

describe('limits', () => {
	it('says its rate, and refuses without saying when to come back', async () => {
		const small = await startAmazon('--amazon-quota', '1');
		const path = '/sellers/v1/marketplaceParticipations';
		const replies = [];
		for (let i = 0; i < 16; i++) replies.push(await small.call(path));
		expect(replies.filter(({ status }) => status === 200).length).toBe(15);
		expect(
			replies.filter(({ headers }) => headers.get('x-amzn-RateLimit-Limit') === '0.016').length
		).toBeGreaterThan(11);
		const last = replies.at(-1)!;
		expect(last.body.errors[0].code).toBe('QuotaExceeded');
		expect([last.headers.get('x-amzn-RateLimit-Limit'), last.headers.get('retry-after')]).toEqual([
			null,
			null
		]);
		await small.stop();
	});
});

describe('faults', () => {
	it('F01: a new order is pending without any price, then priced in place', async () => {
		await fault('F01');
		const { id } = await sim.act('order', { secondsAgo: 200 });
		const read = async () => (await sim.call(`${ORDERS}/${id}?includedData=PROCEEDS,FULFILLMENT`)).body.order;
		const before = await read();
		expect(before.fulfillment.fulfillmentStatus).toBe('PENDING');
		expect([before.proceeds, before.orderItems[0].product.price]).toEqual([undefined, undefined]);
		await sim.act('price', { order: id });
		const after = await read();
		expect(after.fulfillment.fulfillmentStatus).toBe('UNSHIPPED');
		expect(Number(after.proceeds.grandTotal.amount)).toBeGreaterThan(0);
		expect(after.lastUpdatedTime > before.lastUpdatedTime).toBe(true);
	});

	it('F02: every third page token answers 400 with message null', async () => {
		await fault('F02');
		let token = (await pages(5)).body.pagination.nextToken as string;
		const statuses: number[] = [];
		for (let i = 0; i < 3; i++) {
			const reply = await nextPage(token);
			statuses.push(reply.status);
			if (reply.status === 400) expect(reply.body.errors[0]).toEqual({ code: 'InvalidInput', message: null });
			else token = reply.body.pagination.nextToken;
		}
		expect(statuses.filter((status) => status === 400).length).toBe(1);
	});

	it('F03, F04: throttles without headers; changes its rate on the way', async () => {
		await fault('F03');
		const statuses = [];
		for (let i = 0; i < 3; i++) statuses.push((await pages(1)).status);
		expect(statuses).toContain(429);
		await sim.control({ action: 'faults', off: ['F03'] });
		await sim.act('rate-limit', { operation: 'searchOrders', perSecond: 0.002 });
		await fault('F04');
		const rates = [];
		for (let i = 0; i < 3; i++) rates.push((await pages(1)).headers.get('x-amzn-RateLimit-Limit'));
		expect(rates).toContain('200');
	});

	it('F05: refuses windows that end after its own clock, and says its time', async () => {
		await fault('F05');
		const until = new Date(Date.now() - 125_000).toISOString();
		const reply = await sim.call(`${ORDERS}?createdAfter=2026-11-01&createdBefore=${until}`);
		expect(reply.status).toBe(400);
		const behind = Date.now() - Date.parse(reply.headers.get('date')!);
		expect(behind).toBeGreaterThan(295_000);
		const good = new Date(Date.now() - behind - 125_000).toISOString();
		expect((await sim.call(`${ORDERS}?createdAfter=2026-11-01&createdBefore=${good}`)).status).toBe(200);
	});

	it('F06: an order is found late under an older time', async () => {
		await fault('F06');
		const { orders } = await sim.act('order', { count: 2, secondsAgo: 300 });
		const ids = (orders as { id: string }[]).map(({ id }) => id);
		const seen = async () => {
			const since = new Date(Date.now() - 400_000).toISOString();
			const { body } = await sim.call(`${ORDERS}?lastUpdatedAfter=${since}`);
			return body.orders.filter(({ orderId }: { orderId: string }) => ids.includes(orderId)).length;
		};
		const before = await seen();
		await sim.act('reveal');
		expect([before, await seen()]).toEqual([1, 2]);
	});

	it('F07: money comes late, is held back, released, corrected: one transaction, one id', async () => {
		await fault('F07');
		const { id } = await sim.act('order');
		const of = async () => {
			const path = `${TRANSACTIONS}?relatedIdentifierName=ORDER_ID&relatedIdentifierValue=${id}`;
			const { body } = await sim.call(path);
			return body.payload.transactions.filter((one: { transactionType: string }) => one.transactionType !== 'ShippingServices'); // prettier-ignore
		};
		await sim.act('deliver', { order: id });
		await sim.act('settle', { days: 1 });
		expect(await of()).toEqual([]);
		await sim.act('post', { order: id });
		const [held] = await of();
		expect(held.transactionStatus).toBe('DEFERRED');
		await sim.act('release', { order: id });
		const [released] = await of();
		expect([released.transactionId, released.transactionStatus]).toEqual([
			held.transactionId,
			'DEFERRED_RELEASED'
		]);
		await sim.act('adjust', { order: id, amount: 4.5 });
		const all = await of();
		expect(all.length).toBe(2);
		const fix = all.find((one: { transactionType: string }) => one.transactionType === 'Adjustment');
		expect(fix.totalAmount.currencyAmount).toBe(4.5);
	});

	it('F08, F09: tokens that die after one use; empty pages that lead on', async () => {
		const path = `${TRANSACTIONS}?postedAfter=2026-09-20T00:00:00Z`;
		const first = await sim.call(path);
		const token = first.body.payload.nextToken;
		await fault('F08');
		const statuses = [];
		for (let i = 0; i < 2; i++) statuses.push((await sim.call(`${path}&nextToken=${token}`)).status);
		expect(statuses).toEqual([200, 400]);
		await sim.control({ action: 'faults', off: ['F08'] });
		const ids = async () => {
			const found: string[] = [];
			let empty = 0;
			let next = '';
			do {
				const { body } = await sim.call(path + next);
				const page = body.payload.transactions as { transactionId: string }[];
				if (page.length === 0) empty++;
				found.push(...page.map(({ transactionId }) => transactionId));
				next = body.payload.nextToken ? `&nextToken=${body.payload.nextToken}` : '';
			} while (next);
			return { found, empty };
		};
		const plain = await ids();
		await fault('F09');
		const holes = await ids();
		expect(holes.empty).toBeGreaterThan(2);
		expect(holes.found).toEqual(plain.found);
		expect(new Set(plain.found).size).toBe(plain.found.length);
	});

	it('F10, F11: stock tokens die; inbound moves unseen', async () => {
		await sim.stop();
		sim = await startAmazon('--products', '240');
		const first = await sim.call(STOCK);
		await fault('F10');
		const again = await sim.call(`${STOCK}&nextToken=${first.body.pagination.nextToken}`);
		expect([again.status, again.body.errors[0].code]).toEqual([400, 'InvalidInput']);
		expect((await sim.call(`${STOCK}&nextToken=${first.body.pagination.nextToken}`)).status).toBe(200);
		await fault('F10', 'F11');
		const inbound = (reply: {
			body: { payload: { inventorySummaries: { totalQuantity: number; lastUpdatedTime: string }[] } };
		}) => reply.body.payload.inventorySummaries;
		const then = inbound(await sim.call(STOCK));
		expect(
			then.some((one, place) => one.totalQuantity !== inbound(first as never)[place]!.totalQuantity)
		).toBe(true);
		expect(then.map((one) => one.lastUpdatedTime)).toEqual(
			inbound(first as never).map((one) => one.lastUpdatedTime)
		);
	});

	it('F12: reports end cancelled, failed with a document, or behind a dead link, in turn', async () => {
		await fault('F12');
		const asked = { reportType: 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL', marketplaceIds: [US], dataStartTime: '2026-11-01', dataEndTime: '2026-11-20' }; // prettier-ignore
		const run = async () => {
			const { body } = await sim.call('/reports/2021-06-30/reports', { body: asked });
			return (await sim.call(`/reports/2021-06-30/reports/${body.reportId}`)).body;
		};
		const [a, b, c] = [await run(), await run(), await run()];
		expect([a.processingStatus, a.reportDocumentId]).toEqual(['CANCELLED', undefined]);
		expect([b.processingStatus, typeof b.reportDocumentId]).toEqual(['FATAL', 'string']);
		const link = async () =>
			fetch((await sim.call(`/reports/2021-06-30/documents/${c.reportDocumentId}`)).body.url);
		const dead = await link();
		expect([dead.status, (await dead.text()).includes('AccessDenied')]).toEqual([403, true]);
		const good = await link();
		expect(good.headers.get('content-type')).toBe('text/plain;charset=ISO-8859-1');
	});

	it('F13, F14: tokens die after five calls; the grant is gone', async () => {
		sim.useToken(await sim.signIn());
		await fault('F13');
		const statuses = [];
		for (let i = 0; i < 6; i++) statuses.push((await pages(1)).status);
		expect(statuses).toEqual([200, 200, 200, 200, 200, 403]);
		await fault('F13', 'F14');
		const reply = await sim.token({ grant_type: 'refresh_token', refresh_token: sim.seller.refreshToken });
		expect([reply.status, reply.body.error]).toEqual([400, 'invalid_grant']);
		await sim.control({ action: 'faults', off: ['F13', 'F14'] });
		sim.useToken(await sim.signIn());
	});

	it('F37, F38: unknown words; the whole authorisation withdrawn', async () => {
		await fault('F37');
		const { body } = await sim.call(`${ORDERS}?createdAfter=2026-11-01&includedData=FULFILLMENT`);
		expect(JSON.stringify(body)).toContain('HANDED_TO_COURIER_DRONE');
		expect(body.orders[0].fieldOfTomorrow).toEqual({ answer: 42 });
		await fault('F37', 'F38');
		expect((await pages(1)).status).toBe(403);
		await sim.control({ action: 'install' });
		expect((await pages(1)).status).toBe(200);
	});
});

describe('the queue', () => {
	/** A request signed as AWS wants it, written from the specification and not from the simulator's check. */
	async function sqs(action: string, body: Record<string, unknown>, secret?: string) {
		const { accessKeyId, secretAccessKey, queueUrl } = sim.simulator.amazon!.ready() as Record<
			string,
			string
		>;
		const text = JSON.stringify({ QueueUrl: queueUrl, ...body });
		const url = new URL(queueUrl!);
		const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
		const day = date.slice(0, 8);
		const sha = (value: string) => createHash('sha256').update(value).digest('hex');
		const mac = (key: string | Buffer, value: string) => createHmac('sha256', key).update(value).digest();
		const headers: Record<string, string> = { 'content-type': 'application/x-amz-json-1.0', host: url.host, 'x-amz-date': date, 'x-amz-target': `AmazonSQS.${action}` }; // prettier-ignore
		const names = Object.keys(headers).sort();
		const request = ['POST', url.pathname, '', ...names.map((name) => `${name}:${headers[name]}`), '', names.join(';'), sha(text)].join('\n'); // prettier-ignore
		const scope = `${day}/us-east-1/sqs/aws4_request`;
		const key = mac(
			mac(mac(mac(`AWS4${secret ?? secretAccessKey}`, day), 'us-east-1'), 'sqs'),
			'aws4_request'
		);
		const signature = mac(key, ['AWS4-HMAC-SHA256', date, scope, sha(request)].join('\n')).toString('hex');
		const { host: _host, ...sent } = headers;
		const response = await fetch(url, { method: 'POST', body: text, headers: { ...sent, authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}` } }); // prettier-ignore
		// eslint-disable-next-line @typescript-eslint/no-explicit-any
		return { status: response.status, body: (await response.json()) as any };
	}

	async function subscribe() {
		const token = (await sim.token({ grant_type: 'client_credentials', scope: 'sellingpartnerapi::notifications' })).body.access_token as string; // prettier-ignore
		const body = { name: 'orders', resourceSpecification: { sqs: { arn: sim.seller.queue.arn } } };
		const made = await sim.call('/notifications/v1/destinations', { body, token });
		const { destinationId } = made.body.payload;
		await sim.call('/notifications/v1/subscriptions/ORDER_CHANGE', {
			body: { destinationId, payloadVersion: '1.0' }
		});
	}

	const bodies = (reply: { body: { Messages?: { Body: string }[] } }) =>
		(reply.body.Messages ?? []).map((message) => JSON.parse(message.Body));

	it('takes the signatures of the client the app uses', async () => {
		const { accessKeyId, secretAccessKey, queueUrl } = sim.simulator.amazon!.ready() as Record<
			string,
			string
		>;
		const { AwsClient } = await import('aws4fetch');
		const aws = new AwsClient({ accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey!, service: 'sqs', region: 'us-east-1', retries: 0 }); // prettier-ignore
		const headers = {
			'Content-Type': 'application/x-amz-json-1.0',
			'X-Amz-Target': 'AmazonSQS.GetQueueAttributes'
		};
		const reply = await aws.fetch(queueUrl!, {
			method: 'POST',
			headers,
			body: JSON.stringify({ QueueUrl: queueUrl })
		});
		expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining(sim.seller.queue.arn)]);
	});

	it('carries ORDER_CHANGE, hides what was read, deletes by receipt, and wants a signature', async () => {
		await subscribe();
		const { id } = await sim.act('order');
		await sim.act('price', { order: id });
		expect((await sqs('ReceiveMessage', {}, 'wrong')).status).toBe(403);
		const read = await sqs('ReceiveMessage', { MaxNumberOfMessages: 10, VisibilityTimeout: 1 });
		const told = bodies(read).map((one) => one.Payload.OrderChangeNotification);
		expect(told.map((one) => [one.AmazonOrderId, one.Summary.OrderStatus])).toEqual([[id, 'Pending'], [id, 'Unshipped']]); // prettier-ignore
		expect((await sqs('ReceiveMessage', {})).body).toEqual({});
		await sqs('DeleteMessage', { ReceiptHandle: read.body.Messages[0].ReceiptHandle });
		const again = await sqs('ReceiveMessage', { MaxNumberOfMessages: 10, WaitTimeSeconds: 3 });
		expect(bodies(again).map((one) => one.Payload.OrderChangeNotification.Summary.OrderStatus)).toEqual([
			'Unshipped'
		]);
		await sqs('DeleteMessageBatch', {
			Entries: [{ Id: '1', ReceiptHandle: again.body.Messages[0].ReceiptHandle }]
		});
	});

	it('F15: twice, the newest first, before the order can be read', async () => {
		await fault('F15');
		const { id } = await sim.act('order');
		await sim.act('price', { order: id });
		expect((await sim.call(`${ORDERS}/${id}`)).status).toBe(404);
		const read = await sqs('ReceiveMessage', { MaxNumberOfMessages: 10, WaitTimeSeconds: 3 });
		const rest = read.body.Messages.length < 4 ? await sqs('ReceiveMessage', { MaxNumberOfMessages: 10, WaitTimeSeconds: 3 }) : { body: {} }; // prettier-ignore
		const found = [...bodies(read), ...bodies(rest)];
		expect(found.length).toBe(4);
		expect(new Set(found.map((one) => one.NotificationMetadata.NotificationId)).size).toBe(2);
		const statuses = found.map((one) => one.Payload.OrderChangeNotification.Summary.OrderStatus);
		expect(statuses).toEqual(['Unshipped', 'Pending', 'Unshipped', 'Pending']);
		await sim.act('reveal');
		expect((await sim.call(`${ORDERS}/${id}`)).status).toBe(200);
	});
});
