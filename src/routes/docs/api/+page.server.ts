import { openApi, TITLES } from '#lib/server/api/index.ts';
import { sectionsOf } from './reference.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => ({
	base: `${url.origin}/api/v1`,
	introduction: (openApi().info as { description: string }).description,
	sections: sectionsOf(openApi()),
	problems: Object.entries(TITLES).map(([code, title]) => ({ code, title }))
});
