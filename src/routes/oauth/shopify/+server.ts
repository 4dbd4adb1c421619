import { error, redirect } from '@sveltejs/kit';
import { oauthOrganization } from '#lib/server/channels/index.ts';
import type { RequestHandler } from './$types';

/** The one address Shopify knows: it leads the browser on to the organization that began, where the return is proven. */
export const GET: RequestHandler = ({ url }) => {
	const slug = oauthOrganization(url.searchParams);
	if (!slug)
		error(400, 'This return from Shopify names no organization. Begin again on the page Connect Shopify.');
	redirect(303, `/${slug}/channels/connect/return${url.search}`);
};
