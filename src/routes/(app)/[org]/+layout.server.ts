import type { Permission } from '#lib/contracts/permissions.ts';
import { firstSyncs } from '#lib/server/channels/index.ts';
import { organizationsOf } from '#lib/server/identity/index.ts';
import type { LayoutServerLoad } from './$types';

/** What every page of an organization shows around itself. Menus read `permissions`; the server decides again in each verb. */
export const load: LayoutServerLoad = async ({ locals }) => {
	const { organization, permissions, actor } = locals.ctx;
	const [organizations, syncing] = await Promise.all([
		locals.user ? organizationsOf(locals.user) : [],
		permissions.has('channels.read') ? firstSyncs(locals.ctx) : []
	]);
	const member =
		actor.kind === 'member' ? organizations.find(({ slug }) => slug === organization.slug) : undefined;
	return {
		organization: {
			slug: organization.slug,
			name: organization.name,
			currency: organization.currency,
			timeZone: organization.timeZone,
			locale: organization.locale,
			isDemo: organization.isDemo
		},
		permissions: [...permissions] as Permission[],
		user: locals.user && {
			name: locals.user.name,
			email: locals.user.email,
			emailVerified: locals.user.emailVerified
		},
		/** Who looks: cursors of live events are kept for each. */
		viewer: locals.user?.id ?? 'visitor',
		role: member?.role ?? null,
		/** Channels whose history is still being read. */
		firstSyncs: syncing,
		organizations
	};
};
