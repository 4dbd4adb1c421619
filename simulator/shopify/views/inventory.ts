import type { Location, Shop, Variant } from '../../world/model.ts';
import { isoUtc } from '../../world/time.ts';
import { Connection, type PageArgs } from '../connection.ts';
import { gid, numericId, parseGid } from '../ids.ts';
import { moneyOf } from './money.ts';
import { VariantView } from './product.ts';

export class InventoryItemView {
	readonly __typename = 'InventoryItem';
	#shop: Shop;
	#row: Variant;

	constructor(shop: Shop, row: Variant) {
		this.#shop = shop;
		this.#row = row;
	}

	get id() {
		return gid('InventoryItem', this.#row.n);
	}
	get legacyResourceId() {
		return String(numericId('InventoryItem', this.#row.n));
	}
	get sku() {
		return this.#row.sku;
	}
	get tracked() {
		return this.#row.tracked;
	}
	get requiresShipping() {
		return !this.#row.product.giftCard;
	}
	get createdAt() {
		return isoUtc(this.#row.createdAt);
	}
	get updatedAt() {
		return isoUtc(itemUpdatedAt(this.#row));
	}
	get unitCost() {
		return this.#row.cost === null ? null : moneyOf(this.#row.cost, this.#shop.currency);
	}
	get locationsCount() {
		return { count: this.#row.levels.length, precision: 'EXACT' };
	}
	variants(args: PageArgs) {
		return new Connection({ rows: [this.#row] }, args, (row) => new VariantView(this.#shop, row));
	}
	inventoryLevels(args: PageArgs) {
		const rows = this.#row.levels.map((_, i) => this.#shop.locations[i]!);
		return new Connection({ rows }, args, (place) => new LevelView(this.#shop, this.#row, place));
	}
	inventoryLevel({ locationId }: { locationId: string }) {
		const place = this.#shop.locations.find((l) => l.n === parseGid(locationId)?.n);
		return place && this.#row.levels[place.n - 1] ? new LevelView(this.#shop, this.#row, place) : null;
	}
}

/** An item's own stamp moves with the variant, not with each sale. */
export function itemUpdatedAt(variant: Variant): number {
	return variant.levels.reduce((latest, level) => Math.max(latest, level.updatedAt), variant.updatedAt);
}

export class LevelView {
	readonly __typename = 'InventoryLevel';
	readonly isActive = true;
	#shop: Shop;
	#row: Variant;
	#place: Location;

	constructor(shop: Shop, row: Variant, place: Location) {
		this.#shop = shop;
		this.#row = row;
		this.#place = place;
	}

	get #level() {
		return this.#row.levels[this.#place.n - 1]!;
	}
	get id() {
		const level = numericId('InventoryLevel', this.#place.n);
		return `gid://shopify/InventoryLevel/${level}?inventory_item_id=${numericId('InventoryItem', this.#row.n)}`;
	}
	get createdAt() {
		return isoUtc(this.#row.createdAt);
	}
	get updatedAt() {
		return isoUtc(this.#level.updatedAt);
	}
	get item() {
		return new InventoryItemView(this.#shop, this.#row);
	}
	get location() {
		return locationView(this.#shop, this.#place);
	}
	quantities({ names }: { names: string[] }) {
		const { available, committed, updatedAt } = this.#level;
		// Deliveries under way are split as they will be received: 60% to the first location.
		const west = Math.round(this.#row.arrivingUnits * 0.6);
		const incoming = this.#place.n === 1 ? west : this.#row.arrivingUnits - west;
		const known: Record<string, number> = {
			available,
			committed,
			on_hand: available + committed,
			incoming,
			reserved: 0,
			damaged: 0,
			safety_stock: 0,
			quality_control: 0
		};
		return names.map((name) => ({
			__typename: 'InventoryQuantity',
			id: `gid://shopify/InventoryQuantity/${numericId('InventoryLevel', this.#place.n)}?inventory_item_id=${numericId('InventoryItem', this.#row.n)}&name=${name}`,
			name,
			quantity: known[name] ?? 0,
			updatedAt: isoUtc(updatedAt)
		}));
	}
}

export function locationView(shop: Shop, row: Location) {
	const { address } = row;
	return {
		__typename: 'Location',
		id: gid('Location', row.n),
		legacyResourceId: String(numericId('Location', row.n)),
		name: row.name,
		isActive: true,
		fulfillsOnlineOrders: true,
		shipsInventory: true,
		isFulfillmentService: false,
		hasActiveInventory: true,
		createdAt: isoUtc(row.createdAt),
		updatedAt: isoUtc(row.createdAt),
		address: {
			address1: address.line1,
			address2: null,
			city: address.city,
			country: address.country,
			countryCode: address.countryCode,
			phone: null,
			province: address.province,
			provinceCode: address.provinceCode,
			zip: address.zip
		},
		inventoryLevels: (args: PageArgs) => {
			const rows = shop.variants.filter((variant) => variant.levels[row.n - 1]);
			return new Connection({ rows }, args, (variant) => new LevelView(shop, variant, row));
		}
	};
}
