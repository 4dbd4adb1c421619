import { upsertListings } from '../../../catalog/index.ts';
import type { ShopifyClient } from '../client.ts';
import { loopGuard } from '../../sync/loop-guard.ts';
import { pages } from '../discover.ts';
import { nodesOf } from '../parse-order-graphql.ts';
import { parseGraphqlProduct, type ParsedListing } from '../parse-product.ts';
import { BULK_PRODUCTS, PRODUCT_VARIANTS, PRODUCTS_PAGE } from '../queries.ts';
import { object, text, type Json } from '../read.ts';
import { channelListing } from './listing.ts';
import { inThousands } from '../../sync/write.ts';
import { updatedBetween, type ShopifyPlan } from './bulk-read.ts';

const PRODUCTS_A_PAGE = 25;
const VARIANTS_FIRST = 10;
const VARIANTS_A_PAGE = 100;

/** Products, each with its variants: what the shop offers. */
export const productsPlan: ShopifyPlan<ParsedListing[]> = {
	resource: 'products',
	bulk: BULK_PRODUCTS,
	attach(node, children) {
		for (const child of children) delete child.__parentId;
		node.variants = { nodes: children };
	},
	pages: ({ client }, { from, to }, after) =>
		pages(client, PRODUCTS_PAGE, 'products', {
			first: PRODUCTS_A_PAGE,
			variants: VARIANTS_FIRST,
			query: updatedBetween(from, to),
			after
		}),
	async complete(client, nodes) {
		for (const node of nodes) await completeVariants(client, node);
	},
	parse: parseGraphqlProduct,
	async write(tx, { connection }, products) {
		const scope = { organizationId: connection.organizationId, connectionId: connection.id };
		const counts = await inThousands(products.flat(), (part) =>
			upsertListings(
				tx,
				scope,
				part.map((listing) => channelListing(listing, connection.currency))
			)
		);
		return { ...counts, written: Math.min(counts.written, products.length) };
	}
};

async function completeVariants(client: ShopifyClient, node: Json): Promise<void> {
	const info = object(object(node.variants)?.pageInfo);
	if (info?.hasNextPage !== true) return;
	const variants = nodesOf(node.variants, 'The variants');
	const guard = loopGuard('Shopify', 'variants');
	let after: string | null = guard(text(info.endCursor), variants.length);
	while (after !== null) {
		const data: Json = await client.ask(
			PRODUCT_VARIANTS,
			{ id: node.id, first: VARIANTS_A_PAGE, after },
			{ cost: 400 }
		);
		const page: Json = object(object(data.product)?.variants) ?? {};
		const more = nodesOf(page, 'The variants');
		variants.push(...more);
		const next: Json = object(page.pageInfo) ?? {};
		after = next.hasNextPage === true ? guard(text(next.endCursor), more.length) : null;
	}
	node.variants = { nodes: variants };
}
