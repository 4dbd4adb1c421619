import { previewReport } from '#lib/server/reporting/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params }) => ({
	preview: await previewReport(ctx, params.id)
});
