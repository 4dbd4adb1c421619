import type { Order, Shop } from '../../world/model.ts';
import { gid } from '../ids.ts';
import { Bag } from './money.ts';

export function taxLinesOf(order: Order, tax: number, currency: string) {
	if (tax === 0) return [];
	return [
		{
			title: order.address?.provinceCode ? `${order.address.province} Tax` : 'Tax',
			rate: order.taxRate,
			ratePercentage: order.taxRate * 100,
			priceSet: new Bag(tax, order, currency)
		}
	];
}

export function shippingLineView(shop: Shop, order: Order) {
	if (!order.shippingTitle) return null;
	const price = new Bag(order.shipping, order, shop.currency);
	return {
		id: gid('ShippingLine', order.n),
		code: order.shippingTitle,
		title: order.shippingTitle,
		source: 'shopify',
		custom: false,
		isRemoved: false,
		originalPriceSet: price,
		discountedPriceSet: price,
		currentDiscountedPriceSet: price,
		taxLines: taxLinesOf(order, order.shippingTax, shop.currency)
	};
}
