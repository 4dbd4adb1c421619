import { CHANNEL_NAMES, type Channel } from '#lib/contracts/channels.ts';
import type { Dimension } from '#lib/contracts/metrics/declaration.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization } from '../../platform/db.ts';

const NOBODY = '00000000-0000-0000-0000-000000000000';
const CUSTOMERS: Record<string, string> = {
	new: 'New customers',
	returning: 'Returning customers',
	guest: 'Guests and unknown'
};

/** Words for the groups of a dimension; countries and regions keep their codes, which pages put into the reader's language. */
export async function labelsOf(
	ctx: Ctx,
	dimension: Dimension,
	keys: readonly string[]
): Promise<Map<string, { label: string; detail: string | null }>> {
	const plain = (label: (key: string) => string) =>
		new Map(keys.map((key) => [key, { label: label(key), detail: null }]));
	switch (dimension) {
		case 'channel':
			return plain((key) => CHANNEL_NAMES[key as Channel] ?? key);
		case 'category':
			return plain((key) => key || 'No category');
		case 'customer':
			return plain((key) => CUSTOMERS[key] ?? key);
		case 'country':
			return plain((key) => key || 'No country told');
		case 'region':
			return plain((key) => key.replace(/-$/, '') || 'No region told');
		case 'product':
			return productLabels(ctx, keys);
	}
}

async function productLabels(
	ctx: Ctx,
	keys: readonly string[]
): Promise<Map<string, { label: string; detail: string | null }>> {
	const known = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<{ id: string; sku: string; title: string }[]>`
		select id, sku, title from products where organization_id = ${ctx.organization.id} and id = any(${[...keys]}::uuid[])`
	);
	const byId = new Map(known.map((row) => [row.id, row]));
	return new Map(
		keys.map((key) => {
			const product = byId.get(key);
			const label = product?.title ?? (key === NOBODY ? 'Not of a product' : 'Removed product');
			return [key, { label, detail: product?.sku ?? null }];
		})
	);
}
