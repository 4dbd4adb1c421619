import { isRedirect } from '@sveltejs/kit';
import { expect, test } from 'vitest';
import { actions } from './+page.server.ts';
import { settings } from '#lib/server/platform/running.ts';
import { makeOrganization } from '../../../../../../tests/factories/organization.ts';

test('“Go to Shopify” leads to the shop’s own page of approval, and back to us', async () => {
	Object.assign(settings(), {
		SHOPIFY_CLIENT_ID: 'our-app',
		SHOPIFY_CLIENT_SECRET: 'shpss_ours',
		ORIGIN: 'https://tidemark.example.com'
	});
	const { organization, ctx } = await makeOrganization();
	const form = new FormData();
	form.set('shop', 'alder-finch.myshopify.com');
	const left = await Promise.resolve(
		actions.oauth!({
			request: new Request('http://localhost/', { method: 'POST', body: form }),
			locals: { ctx: ctx('owner') },
			params: { org: organization.slug }
		} as never)
	).catch((error: unknown) => error);
	if (!isRedirect(left)) throw left;
	const url = new URL(left.location);
	expect([left.status, url.origin, url.pathname]).toEqual([
		303,
		'https://alder-finch.myshopify.com',
		'/admin/oauth/authorize'
	]);
	expect(url.searchParams.get('redirect_uri')).toBe('https://tidemark.example.com/oauth/shopify');
});
