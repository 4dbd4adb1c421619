import { afterEach, expect, test, vi } from 'vitest';
import { backgroundDone } from '../../../src/lib/server/platform/background.ts';
import { inOrganization } from '../../../src/lib/server/platform/db.ts';
import { connectedSeller, connectionRow, expectLedger, startSeller, type ConnectedSeller } from './seller.ts';
import { connectAmazon } from '../../../src/lib/server/channels/index.ts';
import { Invalid } from '../../../src/lib/server/platform/errors.ts';
import { settings } from '../../../src/lib/server/platform/running.ts';
import { asSystem } from '../../../src/lib/server/platform/system.ts';
import { makeOrganization } from '../../factories/organization.ts';

const sent = vi.hoisted(() => [] as { to: string; subject: string; text: string }[]);
vi.mock('../../../src/lib/server/platform/queue.ts', () => ({ enqueue: async () => {} }));
vi.mock('../../../src/lib/server/platform/mail.ts', () => ({
	send: async (mail: { to: string; subject: string; text: string }) => void sent.push(mail)
}));

let target: ConnectedSeller;
afterEach(async () => {
	sent.length = 0;
	delete settings().AMAZON_API_URL;
	await target?.stop();
});

test('F12: reports that are cancelled, fail or lose their address are made again; Western letters are read', async () => {
	target = await connectedSeller('--fault', 'F12');
	expect(await target.run()).toMatchObject({ status: 'succeeded' });
	await expectLedger(target);
}, 120_000);

test('F13: a token that ends between two pages is renewed once, and no page is lost', async () => {
	target = await connectedSeller('--fault', 'F13');
	const run = await target.run();
	expect(run).toMatchObject({ status: 'succeeded' });
	expect(run.retries).toBeGreaterThan(5);
	await expectLedger(target);
	const api = (await target.control('api')) as { tokens: number; byOperation: Record<string, number> };
	const calls = Object.values(api.byOperation).reduce((sum, n) => sum + n, 0);
	// one token for every five calls, and the one that proved the account
	expect(api.tokens).toBeLessThanOrEqual(Math.ceil(calls / 5) + 3);
}, 120_000);

test('F14: a revoked authorization stops the syncs and tells the members once', async () => {
	target = await connectedSeller();
	await target.run();
	await inOrganization(
		target.organizationId,
		({ sql }) => sql`update connections set is_simulated = false where id = ${target.connectionId}`
	);
	await asSystem(
		'account: verify, reset, sessions of a person',
		({ sql }) => sql`update users set email_verified_at = now()`
	);
	await target.control('revoke');
	await target.control('expire-tokens');
	const run = await target.run('incremental');
	expect(run).toMatchObject({ status: 'failed' });
	expect(run.error).toContain('refresh token');
	await backgroundDone();
	expect(await connectionRow(target)).toMatchObject({ status: 'needs_reauthorization' });
	expect(sent).toHaveLength(1);
	expect(sent[0]!.text).toContain('Authorize');
	const before = (await target.control('api')) as { calls: number };
	expect(await target.run('incremental')).toMatchObject({ status: 'cancelled' });
	expect(await target.run('stock')).toMatchObject({ status: 'cancelled' });
	await backgroundDone();
	expect(((await target.control('api')) as { calls: number }).calls).toBe(before.calls);
	expect(sent).toHaveLength(1);
}, 120_000);

test.each([
	['clientId', { clientId: 'amzn1.application-oa2-client.0123456789abcdef0123456789abcdef' }],
	['clientSecret', { clientSecret: 'amzn1.oa2-cs.v1.wrong' }],
	['refreshToken', { refreshToken: 'Atzr|wrong' }],
	['refreshToken', { refreshToken: 'Atza|anaccesstoken' }],
	['sellerId', { sellerId: 'A00000000000' }],
	['sellerId', { sellerId: 'my shop' }],
	['clientId', { clientId: 'amzn1.oa2-cs.v1.swapped' }],
	['region', { region: 'moon' }]
])(
	'a wrong %s is named, with where the right one stands',
	async (field, wrong) => {
		const { sim, seller } = await startSeller();
		settings().AMAZON_API_URL = seller.apiUrl;
		const { ctx } = await makeOrganization();
		const { sellerId, region, clientId, clientSecret, refreshToken } = seller;
		try {
			const refusal = await connectAmazon(ctx(), {
				sellerId,
				region,
				clientId,
				clientSecret,
				refreshToken,
				...wrong
			}).catch((error: unknown) => error);
			expect(refusal).toBeInstanceOf(Invalid);
			const { fields } = refusal as Invalid;
			// Amazon says one thing of a wrong id and a wrong secret: the words name both
			if (!('clientId' in wrong && field === 'clientId')) expect(Object.keys(fields)).toEqual([field]);
			expect(Object.values(fields)[0]!.length).toBeGreaterThan(25);
		} finally {
			await sim.stop();
		}
	},
	60_000
);

test('the right credentials connect, and are not readable in the row', async () => {
	const { sim, seller } = await startSeller();
	settings().AMAZON_API_URL = seller.apiUrl;
	const { ctx, organization } = await makeOrganization();
	const { sellerId, region, clientId, clientSecret, refreshToken } = seller;
	try {
		const id = await connectAmazon(ctx(), { sellerId, region, clientId, clientSecret, refreshToken });
		const [row] = await inOrganization(
			organization.id,
			({ sql }) =>
				sql<
					{ credentials: string; channel: string; currency: string; facts: Record<string, unknown> }[]
				>`select credentials, channel, currency, facts from connections where id = ${id}`
		);
		expect(row).toMatchObject({ channel: 'amazon', currency: 'USD' });
		expect(row!.facts).toMatchObject({ region: 'na', marketplaceIds: ['ATVPDKIKX0DER'] });
		expect(row!.credentials).not.toContain(refreshToken.slice(5, 25));
	} finally {
		await sim.stop();
	}
}, 60_000);
