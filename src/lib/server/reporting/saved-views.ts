import { savedViewSchema, type SavedView } from '#lib/contracts/reporting.ts';
import { trendSchema } from '#lib/contracts/trends.ts';
import { audit, can, require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { Conflict, Invalid, NotFound } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { authorOf } from './author.ts';

const MOST = 200;

/**
 * Keeps a trend under a name, for oneself or for all members.
 * @throws Forbidden without views.manage, Invalid, Conflict above 200 views
 */
export async function saveView(ctx: Ctx, input: unknown): Promise<string> {
	require(ctx, 'views.manage');
	const { name, query, shared } = parse(savedViewSchema, input);
	const read = trendSchema.safeParse(jsonOf(query));
	if (!read.success)
		throw new Invalid({ query: 'This view cannot be read. Open it anew and save it again.' });
	const id = newId();
	await inOrganization(ctx.organization.id, async (tx) => {
		const [held] = await tx.sql<
			{ n: number }[]
		>`select count(*)::int as n from saved_views where organization_id = ${ctx.organization.id}`;
		if (held!.n >= MOST) throw new Conflict(`There are ${MOST} views already. Remove one first.`);
		await tx.sql`insert into saved_views (id, organization_id, name, query, shared, created_by)
			values (${id}, ${ctx.organization.id}, ${name}, ${JSON.stringify({ ...read.data, page: 1 })}, ${shared}, ${authorOf(ctx)})`;
		await audit(tx, ctx, 'view.saved', { kind: 'view', id }, { shared });
	});
	return id;
}

/** Removes a view: one's own, or a shared one. @throws Forbidden without views.manage, NotFound */
export async function removeView(ctx: Ctx, id: string): Promise<void> {
	require(ctx, 'views.manage');
	await inOrganization(ctx.organization.id, async (tx) => {
		const gone =
			await tx.sql`delete from saved_views where organization_id = ${ctx.organization.id} and id::text = ${id}
			and (shared or created_by = ${authorOf(ctx)}) returning 1`;
		if (gone.length === 0) throw new NotFound('This view');
		await audit(tx, ctx, 'view.removed', { kind: 'view', id });
	});
}

/** Views of all members and one's own, by name, at most 200. @throws Forbidden without analytics.read */
export async function listViews(ctx: Ctx): Promise<SavedView[]> {
	require(ctx, 'analytics.read');
	const author = authorOf(ctx);
	const rows = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<{ id: string; name: string; query: string; shared: boolean; mine: boolean }[]>`
		select id, name, query, shared, (created_by = ${author}) is true as mine from saved_views
		where organization_id = ${ctx.organization.id} and (shared or created_by = ${author}) order by lower(name), id limit ${MOST}`
	);
	return rows.flatMap(({ query, ...row }) => {
		const read = trendSchema.safeParse(jsonOf(query));
		// what an older version kept may name a figure that is gone
		return read.success ? [{ ...row, query: read.data, mine: row.mine && can(ctx, 'views.manage') }] : [];
	});
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
