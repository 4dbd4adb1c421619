import type { Line, Variant } from '../../world/model.ts';
import type { Seller } from '../seller.ts';

/** F33: a SKU that breaks a URL in which it is not encoded. */
function awkward(seller: Seller, sku: string): string {
	return seller.faults.has('F33') ? `${sku}/50% off&more` : sku;
}

/** The seller's SKU of a variant at Walmart. */
export function skuOf(seller: Seller, variant: Variant): string {
	return awkward(seller, seller.world.skuOf(variant));
}

export function skuOfLine(seller: Seller, line: Line): string {
	return awkward(seller, seller.world.skuOfLine(line));
}
