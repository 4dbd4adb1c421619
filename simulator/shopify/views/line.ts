import type { Line, Order, Shop } from '../../world/model.ts';
import { roundHalfUp } from '../../world/money.ts';
import { gid } from '../ids.ts';
import { Bag } from './money.ts';
import { ProductView, VariantView } from './product.ts';
import { taxLinesOf } from './shipping.ts';

export class LineView {
	readonly __typename = 'LineItem';
	readonly taxable = true;
	#shop: Shop;
	#order: Order;
	#row: Line;

	constructor(shop: Shop, order: Order, row: Line) {
		this.#shop = shop;
		this.#order = order;
		this.#row = row;
	}

	#bag(cents: number): Bag {
		return new Bag(cents, this.#order, this.#shop.currency);
	}
	#unitBag(price: number): Bag {
		return new Bag(price, this.#order, this.#shop.currency, true);
	}
	/** Discounts on the order or by code are allocated to lines but are no line-level discounts. */
	get #lineLevel(): number {
		return this.#order.discount?.kind === 'manual' ? this.#row.discount : 0;
	}

	get id() {
		return gid('LineItem', this.#row.n);
	}
	get sku() {
		return this.#row.sku;
	}
	get title() {
		return this.#row.title;
	}
	get variantTitle() {
		return this.#row.variant?.option ?? null;
	}
	get name() {
		const option = this.#row.variant?.option;
		return option ? `${this.#row.title} - ${option}` : this.#row.title;
	}
	get vendor() {
		return this.#row.variant?.product.vendor ?? null;
	}
	get quantity() {
		return this.#row.quantity;
	}
	get currentQuantity() {
		return this.#row.currentQuantity;
	}
	get refundableQuantity() {
		return this.#row.currentQuantity;
	}
	get isGiftCard() {
		return this.#row.giftCard;
	}
	get requiresShipping() {
		return !this.#row.giftCard;
	}
	get customAttributes() {
		return (this.#row.attributes ?? []).map(([key, value]) => ({ key, value }));
	}
	get product() {
		return this.#row.variant ? new ProductView(this.#shop, this.#row.variant.product) : null;
	}
	get variant() {
		return this.#row.variant ? new VariantView(this.#shop, this.#row.variant) : null;
	}
	get originalUnitPriceSet() {
		return this.#unitBag(this.#row.price);
	}
	get originalTotalSet() {
		return this.#bag(this.#row.gross);
	}
	get totalDiscountSet() {
		return this.#bag(this.#lineLevel);
	}
	discountedTotalSet({ withCodeDiscounts }: { withCodeDiscounts?: boolean }) {
		return this.#bag(this.#row.gross - (withCodeDiscounts ? this.#row.discount : this.#lineLevel));
	}
	get discountedUnitPriceSet() {
		return this.#unitBag(this.#unitAfter(this.#lineLevel));
	}
	get discountedUnitPriceAfterAllDiscountsSet() {
		return this.#unitBag(this.#unitAfter(this.#row.discount));
	}
	#unitAfter(discount: number): number {
		if (discount === 0 || this.#row.quantity === 0) return this.#row.price;
		return roundHalfUp((this.#row.gross - discount) / this.#row.quantity) * 100;
	}
	taxLines() {
		return taxLinesOf(this.#order, this.#row.tax, this.#shop.currency);
	}
	get discountAllocations() {
		const { discount } = this.#order;
		if (!discount || this.#row.discount === 0) return [];
		return [
			{
				allocatedAmountSet: this.#bag(this.#row.discount),
				discountApplication: {
					__typename: discount.kind === 'code' ? 'DiscountCodeApplication' : 'ManualDiscountApplication',
					allocationMethod: 'ACROSS',
					index: 0,
					targetSelection: 'ENTITLED',
					targetType: 'LINE_ITEM',
					code: discount.title,
					title: discount.title,
					value: { __typename: 'PricingPercentageValue', percentage: discount.percent }
				}
			}
		];
	}
}
