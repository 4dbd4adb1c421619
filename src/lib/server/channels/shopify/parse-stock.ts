import { nodesOf } from './parse-order-graphql.ts';
import { object, objects, requiredCount, requiredId, requiredInstant, text, type Json } from './read.ts';

/** Pieces of an inventory item at a location. Null is "not told". */
export interface ParsedLevel {
	stockExternalId: string;
	locationExternalId: string;
	available: number;
	onHand: number | null;
	committed: number | null;
	incoming: number | null;
	reserved: number | null;
	/** ISO 8601 in UTC. */
	updatedAt: string;
}

/** The levels of an inventory item node. Items whose stock Shopify does not keep have none. @throws Unparsable */
export function parseGraphqlLevels(node: Json): ParsedLevel[] {
	if (node.tracked === false) return [];
	const stockExternalId = requiredId(node.id, 'The inventory item id');
	return nodesOf(node.inventoryLevels, 'The stock levels').map((level) => {
		const quantities = objects(level.quantities, 'The quantities');
		const quantity = (name: string) => {
			const found = quantities.find((one) => text(one.name) === name)?.quantity;
			return typeof found === 'number' ? found : null;
		};
		return {
			stockExternalId,
			locationExternalId: requiredId(object(level.location)?.id, 'The location of a level'),
			available: requiredCount(quantity('available'), 'The available pieces'),
			onHand: quantity('on_hand'),
			committed: quantity('committed'),
			incoming: quantity('incoming'),
			reserved: quantity('reserved'),
			updatedAt: new Date(requiredInstant(level.updatedAt, 'The date of a level')).toISOString()
		};
	});
}

/** The level of an inventory_levels/* webhook: it tells the available pieces only. @throws Unparsable */
export function parseRestLevel(body: Json): ParsedLevel {
	return {
		stockExternalId: requiredId(body.inventory_item_id, 'The inventory item'),
		locationExternalId: requiredId(body.location_id, 'The location'),
		// null when the item is not stocked here or not tracked
		available: body.available === null ? 0 : requiredCount(body.available, 'The available pieces'),
		onHand: null,
		committed: null,
		incoming: null,
		reserved: null,
		updatedAt: new Date(requiredInstant(body.updated_at, 'The date of the level')).toISOString()
	};
}
