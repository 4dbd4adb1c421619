import type { Channel } from '#lib/contracts/channels.ts';
import { annotationSchema, type Annotation } from '#lib/contracts/reporting.ts';
import { priceChanges } from '../catalog/index.ts';
import { audit, can, require } from '../identity/index.ts';
import { stockOuts } from '../inventory/index.ts';
import { localDay } from '../orders/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { NotFound } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { authorOf } from './author.ts';

const MOST = 200;

/**
 * Writes a promotion or a note beside the figures.
 * @throws Forbidden without views.manage, Invalid
 */
export async function addAnnotation(ctx: Ctx, input: unknown): Promise<string> {
	require(ctx, 'views.manage');
	const { kind, title, fromDay, toDay, channel } = parse(annotationSchema, input);
	const id = newId();
	await inOrganization(ctx.organization.id, async (tx) => {
		await tx.sql`insert into annotations (id, organization_id, kind, from_day, to_day, title, channel, created_by)
			values (${id}, ${ctx.organization.id}, ${kind}, ${fromDay}, ${toDay}, ${title}, ${channel || null}, ${authorOf(ctx)})`;
		await audit(tx, ctx, 'annotation.added', { kind: 'annotation', id }, { kind, fromDay, toDay });
	});
	return id;
}

/** Takes a promotion or note back. @throws Forbidden without views.manage, NotFound */
export async function removeAnnotation(ctx: Ctx, id: string): Promise<void> {
	require(ctx, 'views.manage');
	await inOrganization(ctx.organization.id, async (tx) => {
		const gone =
			await tx.sql`delete from annotations where organization_id = ${ctx.organization.id} and id::text = ${id} returning 1`;
		if (gone.length === 0) throw new NotFound('This entry');
		await audit(tx, ctx, 'annotation.removed', { kind: 'annotation', id });
	});
}

/**
 * What may explain changes in a range of days, oldest first: promotions and notes by hand, stock-outs from the history of stock,
 * prices that channels have changed; of some products where named (promotions of all). At most 200 of each; what the member may not
 * read is left out.
 * @throws Forbidden without analytics.read
 */
export async function listAnnotations(
	ctx: Ctx,
	given: { from: string; to: string; products?: readonly string[]; channels?: readonly Channel[] }
): Promise<Annotation[]> {
	require(ctx, 'analytics.read');
	const { from, to } = given;
	const channels = given.channels ?? [];
	const allowed = ctx.scope?.channels ?? null;
	const [written, outs, prices] = await Promise.all([
		inOrganization(
			ctx.organization.id,
			({ sql }) => sql<Annotation[]>`
			select id, kind, from_day::text as "from", to_day::text as "to", title, channel, null as product_id from annotations
			where organization_id = ${ctx.organization.id} and from_day <= ${to} and to_day >= ${from}
				and (channel is null or ${channels.length === 0} or channel = any(${[...channels]}::text[]))
				and (channel is null or ${allowed}::text[] is null or channel = any(${allowed}::text[]))
			order by from_day desc, id limit ${MOST}`
		),
		can(ctx, 'inventory.read') ? stockOuts(ctx, given) : [],
		can(ctx, 'products.read') ? priceChanges(ctx, given) : []
	]);
	return [
		...written,
		...outs.slice(0, MOST).map((out): Annotation => ({
			id: null,
			kind: 'stock-out',
			from: out.from,
			to: out.to,
			title: `${out.title} out of stock`,
			productId: out.productId,
			channel: null
		})),
		...prices
			.filter((change) => channels.length === 0 || channels.includes(change.channel as Channel))
			.slice(0, MOST)
			.map((change): Annotation => {
				const day = localDay(change.at, ctx.organization.timeZone);
				return {
					id: null,
					kind: 'price',
					from: day,
					to: day,
					title: `${change.title}: ${change.before} to ${change.after} ${change.currency}`,
					productId: change.productId,
					channel: change.channel as Channel
				};
			})
	].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.title < b.title ? -1 : 1));
}
