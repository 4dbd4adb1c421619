import { listImports } from '#lib/server/imports/index.ts';
import { settings } from '#lib/server/platform/running.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
	imports: await listImports(locals.ctx),
	maxMegabytes: settings().IMPORT_MAX_MB,
	now: new Date().toISOString()
});
