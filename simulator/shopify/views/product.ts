import type { Product, Shop, Variant } from '../../world/model.ts';
import { priceDecimal } from '../../world/money.ts';
import { isoUtc } from '../../world/time.ts';
import { Connection, type PageArgs } from '../connection.ts';
import { gid, numericId } from '../ids.ts';
import { InventoryItemView } from './inventory.ts';

function stockOf(variant: Variant): number {
	return variant.levels.reduce((sum, level) => sum + level.available, 0);
}

export class ProductView {
	readonly __typename = 'Product';
	readonly status = 'ACTIVE';
	readonly tags: string[] = [];
	#shop: Shop;
	#row: Product;

	constructor(shop: Shop, row: Product) {
		this.#shop = shop;
		this.#row = row;
	}

	get id() {
		return gid('Product', this.#row.n);
	}
	get legacyResourceId() {
		return String(numericId('Product', this.#row.n));
	}
	get title() {
		return this.#row.title;
	}
	get handle() {
		return this.#row.handle;
	}
	get productType() {
		return this.#row.type;
	}
	get vendor() {
		return this.#row.vendor;
	}
	get isGiftCard() {
		return this.#row.giftCard;
	}
	get createdAt() {
		return isoUtc(this.#row.createdAt);
	}
	get publishedAt() {
		return isoUtc(this.#row.createdAt);
	}
	get updatedAt() {
		return isoUtc(this.#row.updatedAt);
	}
	get tracksInventory() {
		return this.#row.variants.some((variant) => variant.tracked);
	}
	get totalInventory() {
		return this.#row.variants.reduce((sum, variant) => sum + stockOf(variant), 0);
	}
	get variantsCount() {
		return { count: this.#row.variants.length, precision: 'EXACT' };
	}
	variants(args: PageArgs) {
		return new Connection({ rows: this.#row.variants }, args, (row) => new VariantView(this.#shop, row));
	}
}

export class VariantView {
	readonly __typename = 'ProductVariant';
	readonly inventoryPolicy = 'DENY';
	readonly requiresComponents = false;
	readonly taxable = true;
	#shop: Shop;
	#row: Variant;

	constructor(shop: Shop, row: Variant) {
		this.#shop = shop;
		this.#row = row;
	}

	get id() {
		return gid('ProductVariant', this.#row.n);
	}
	get legacyResourceId() {
		return String(numericId('ProductVariant', this.#row.n));
	}
	get sku() {
		return this.#row.sku;
	}
	get title() {
		return this.#row.title;
	}
	get displayName() {
		return `${this.#row.product.title} - ${this.#row.title}`;
	}
	get barcode() {
		return this.#row.barcode;
	}
	get price() {
		return priceDecimal(this.#row.price, 2);
	}
	get compareAtPrice() {
		return this.#row.compareAt === null ? null : priceDecimal(this.#row.compareAt, 2);
	}
	get position() {
		return this.#row.product.variants.indexOf(this.#row) + 1;
	}
	get selectedOptions() {
		return [{ name: this.#row.option ? 'Size' : 'Title', value: this.#row.title }];
	}
	get createdAt() {
		return isoUtc(this.#row.createdAt);
	}
	get updatedAt() {
		return isoUtc(this.#row.updatedAt);
	}
	get availableForSale() {
		return !this.#row.tracked || stockOf(this.#row) > 0;
	}
	get inventoryQuantity() {
		return stockOf(this.#row);
	}
	get product() {
		return new ProductView(this.#shop, this.#row.product);
	}
	get inventoryItem() {
		return new InventoryItemView(this.#shop, this.#row);
	}
	productVariantComponents(args: PageArgs) {
		return new Connection<Variant, never>({ rows: [] }, args, () => {
			throw new Error('The simulated catalogue has no bundles');
		});
	}
}
