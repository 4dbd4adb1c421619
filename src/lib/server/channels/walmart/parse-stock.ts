import type { ChannelLevel } from '../../inventory/index.ts';
import { object, objects, optionalInstant, requiredText, text, type Json } from '../json.ts';
import { missing } from '../unparsable.ts';
import { UNVERSIONED } from './parse-item.ts';

/** Goods in Walmart's own warehouses: Walmart tells one sum for all of them. */
export const WFS = 'WFS';

/** The levels of a SKU at the seller's nodes, from /v3/inventories. @throws Unparsable */
export function parseInventory(node: Json): ChannelLevel[] {
	const sku = requiredText(node.sku, 'The SKU');
	return objects(node.nodes, 'The ship nodes').flatMap((one) => {
		// a node that answers with an error instead of an amount tells nothing
		if (object(one.availToSellQty) === null) return [];
		return [
			{
				stockExternalId: sku,
				locationExternalId: requiredText(one.shipNode, 'A ship node'),
				available: pieces(object(one.availToSellQty)?.amount) ?? missing('The pieces to sell'),
				onHand: pieces(object(one.inputQty)?.amount),
				committed: pieces(object(one.reservedQty)?.amount),
				incoming: null,
				reserved: null,
				updatedAt: UNVERSIONED
			}
		];
	});
}

/** The level of a SKU in Walmart's warehouses, from /v3/fulfillment/inventory. @throws Unparsable */
export function parseWfsInventory(node: Json): ChannelLevel[] {
	const sku = requiredText(node.sku, 'The SKU');
	let available = 0;
	let onHand = 0;
	let newest = UNVERSIONED;
	const nodes = objects(node.shipNodes, 'The ship nodes');
	for (const one of nodes) {
		available += pieces(one.availToSellQty) ?? missing('The pieces to sell');
		onHand += pieces(one.onHandQty) ?? 0;
		const changed = optionalInstant(one.modifiedDate);
		if (changed !== null && Date.parse(changed) > Date.parse(newest))
			newest = new Date(changed).toISOString();
	}
	if (nodes.length === 0) return [];
	return [
		{
			stockExternalId: sku,
			locationExternalId: WFS,
			available,
			onHand,
			committed: Math.max(0, onHand - available),
			incoming: null,
			reserved: null,
			updatedAt: newest
		}
	];
}

/** How a node is called in the lists of stock: by its name where an order told it. */
export function nodeName(externalId: string, name: string | null): string {
	if (externalId === WFS) return 'Walmart Fulfillment Services';
	return name && text(name) ? name : `Walmart ship node ${externalId.slice(-6)}`;
}

function pieces(value: unknown): number | null {
	const amount = Number(value ?? Number.NaN);
	return Number.isFinite(amount) ? Math.trunc(amount) : null;
}
