import { z } from 'zod';
import { asSystem } from '../platform/system.ts';
import { rebuildOrganization, type RebuildProgress } from './projection/rebuild.ts';

const inputSchema = z.strictObject({ organization: z.string().min(1).max(100).optional() });

export interface RebuiltAll {
	organizations: { slug: string; orders: number; seconds: number }[];
}

/**
 * Rebuilds the facts of one organization (by its slug) or of all, one after the other, while the app serves. Run by
 * `npm run olap:rebuild`, in the app when it runs.
 * @throws Error when there is no such organization
 */
export async function rebuildCommand(
	input: unknown,
	onProgress: (progress: RebuildProgress & { slug: string }) => void
): Promise<RebuiltAll> {
	const { organization } = inputSchema.parse(input);
	const found = await asSystem(
		'rebuild: read all organizations',
		({ sql }) => sql<{ id: string; slug: string }[]>`
		select id, slug from organizations where ${organization === undefined ? sql`true` : sql`slug = ${organization}`} order by slug`
	);
	if (organization !== undefined && found.length === 0)
		throw new Error(`There is no organization with the slug ${organization}.`);
	const organizations: RebuiltAll['organizations'] = [];
	for (const { id, slug } of found)
		organizations.push({
			slug,
			...(await rebuildOrganization(id, (progress) => onProgress({ ...progress, slug })))
		});
	return { organizations };
}
