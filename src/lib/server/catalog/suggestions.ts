import { z } from 'zod';
import type { Evidence, SuggestedProduct, Suggestion } from '#lib/contracts/products.ts';
import { audit, require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { parse } from '../platform/parse.ts';
import { productId } from './fields.ts';
import { inScope, lockProducts } from './product-rows.ts';

/** Pairs shown at once; more come up when these are decided. */
const SHOWN = 50;
/** Pairs read: of three alike there are three, of which two are shown. */
const READ = 4 * SHOWN;
/** More products than this under one key are no mapping but a placeholder ("000000"). */
const MOST_ALIKE = 6;

/**
 * Products that look like one, surest first: the same GTIN, the same ASIN on one Amazon account (FBA and FBM twins), the same SKU but
 * for case, punctuation and a fulfilment ending, the same title on different connections. Pairs that a member kept apart are left out.
 * @throws Forbidden without products.read
 */
export async function suggestMerges(ctx: Ctx): Promise<{ suggestions: Suggestion[]; more: boolean }> {
	require(ctx, 'products.read');
	const organizationId = ctx.organization.id;
	return inOrganization(organizationId, async (tx) => {
		const { sql } = tx;
		const found = await sql<{ evidence: Evidence; shared: string; first: string; second: string }[]>`
			with mine as (
				select p.id, p.sku, p.title, p.barcode from products p
				where p.organization_id = ${organizationId} and p.merged_into is null and ${inScope(tx, ctx)}
			), offers as (
				select l.product_id as id, l.sku, l.barcode, l.external_group_id, l.connection_id, c.channel, l.title, l.variant_title
				from listings l join connections c on c.id = l.connection_id
				where l.organization_id = ${organizationId} and l.status is distinct from 'deleted'
			), keys as (
				select distinct 1 as rank, 'gtin' as evidence, lpad(digits, 14, '0') as key, digits as shared, id from (
					select id, regexp_replace(barcode, '[^0-9]', '', 'g') as digits from mine where barcode is not null
					union select o.id, regexp_replace(o.barcode, '[^0-9]', '', 'g') from offers o where o.barcode is not null
				) codes where length(digits) between 8 and 14 and digits !~ '^0+$'
				union
				select distinct 2, 'asin', connection_id || external_group_id, external_group_id, id from offers where channel = 'amazon' and external_group_id is not null
				union
				select distinct 3, 'sku', key, sku, id from (
					select id, sku, upper(regexp_replace(regexp_replace(sku, '[-_ ./]*(FBA|FBM|AFN|MFN|WFS)$', '', 'i'), '[^[:alnum:]]', '', 'g')) as key from (
						select id, sku from mine where sku not like '~%' union select id, sku from offers where sku is not null
					) named
				) skus where length(key) >= 3
				union
				select distinct 4, 'title', lower(trim(title)), title, id from mine where length(title) >= 12
			), groups as (
				select k.* from keys k join mine m on m.id = k.id
				where (k.evidence, k.key) in (
					select evidence, key from keys join mine on mine.id = keys.id group by evidence, key having count(distinct keys.id) between 2 and ${MOST_ALIKE})
			), pairs as (
				select distinct on (a.id, b.id) a.rank, a.evidence, a.shared, a.id as first, b.id as second
				from groups a join groups b on b.evidence = a.evidence and b.key = a.key and a.id < b.id
				where not exists (select 1 from kept_apart k where k.product_id = a.id and k.other_id = b.id)
					and not exists (select 1 from product_components k where (k.bundle_id = a.id and k.component_id = b.id) or (k.bundle_id = b.id and k.component_id = a.id))
					and (a.evidence <> 'title' or not exists (
						select 1 from offers x join offers y on y.connection_id = x.connection_id where x.id = a.id and y.id = b.id))
				order by a.id, b.id, a.rank
			)
			select evidence, shared, first, second from pairs order by rank, shared, first, second limit ${READ}`;
		const wanted = spanning(found);
		const pairs = wanted.slice(0, SHOWN);
		const ids = [...new Set(pairs.flatMap((pair) => [pair.first, pair.second]))];
		const products = await sql<(SuggestedProduct & { age: string })[]>`
			select p.id, p.sku, p.title, p.barcode, p.created_at::text as age, coalesce((
				select jsonb_agg(jsonb_build_object('channel', c.channel, 'sku', l.sku, 'externalId', l.external_id, 'fulfilledBy', l.fulfilled_by) order by c.channel, l.sku)
				from listings l join connections c on c.id = l.connection_id where l.product_id = p.id and l.status is distinct from 'deleted'), '[]') as listings
			from products p where p.organization_id = ${organizationId} and p.id = any(${ids}::uuid[])`;
		const byId = new Map(products.map((row) => [row.id, row]));
		return {
			suggestions: pairs.map(({ evidence, shared, first, second }) => {
				const [a, b] = [byId.get(first)!, byId.get(second)!];
				const older =
					a.listings.length !== b.listings.length ? a.listings.length > b.listings.length : a.age <= b.age;
				const plain = ({ age: _age, ...product }: SuggestedProduct & { age: string }) => product;
				return { evidence, shared, into: plain(older ? a : b), from: plain(older ? b : a) };
			}),
			more: wanted.length > SHOWN || found.length === READ
		};
	});
}

/** Pairs without those that the ones before already join: A with B and B with C say all of A with C. */
function spanning<Pair extends { first: string; second: string }>(pairs: readonly Pair[]): Pair[] {
	const leads = new Map<string, string>();
	const leadOf = (id: string): string => {
		const next = leads.get(id);
		return next === undefined ? id : leadOf(next);
	};
	return pairs.filter(({ first, second }) => {
		const [a, b] = [leadOf(first), leadOf(second)];
		if (a !== b) leads.set(b, a);
		return a !== b;
	});
}

const schema = z.strictObject({ productId, otherId: productId });

/**
 * Says that two products are not the same: they are not suggested again.
 * @throws Forbidden without products.manage, NotFound
 */
export async function keepApart(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'products.manage');
	const wanted = parse(schema, input);
	const [first, second] = [wanted.productId, wanted.otherId].sort() as [string, string];
	await inOrganization(ctx.organization.id, async (tx) => {
		await lockProducts(tx, ctx, [first, second]);
		await tx.sql`insert into kept_apart (organization_id, product_id, other_id) values (${ctx.organization.id}, ${first}, ${second}) on conflict do nothing`;
		await audit(tx, ctx, 'products.kept_apart', { kind: 'product', id: first }, { other: second });
	});
}
