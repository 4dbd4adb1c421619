import { micros, ZERO, type Micros } from '../amount.ts';
import { object, text, type Json } from '../json.ts';
import { listOf } from './lists.ts';
import { missing } from '../unparsable.ts';

/** One charge of an order line or a refund: without tax, and its tax. */
export interface Charge {
	type: string;
	name: string;
	amount: Micros;
	tax: Micros;
	currency: string | null;
	isDiscount: boolean;
	reason: string | null;
}

/** Charges as an order line has them: `{ charge: [...] }`. @throws Unparsable when one has no readable amount */
export function chargesOf(charges: unknown, where: string): Charge[] {
	return listOf(object(charges)?.charge ?? (Array.isArray(charges) ? charges : []), where).map((charge) =>
		chargeOf(charge, null, where)
	);
}

/** Charges of a line's refund, which Walmart writes as what leaves the seller: negative. */
export function refundChargesOf(refund: unknown, where: string): Charge[] {
	const list = object(refund)?.refundCharges;
	return listOf(object(list)?.refundCharge ?? (Array.isArray(list) ? list : []), where).map((one) =>
		chargeOf(object(one.charge) ?? missing(where), text(one.refundReason), where)
	);
}

function chargeOf(charge: Json, reason: string | null, where: string): Charge {
	const money = object(charge.chargeAmount);
	const tax = object(object(charge.tax)?.taxAmount);
	return {
		type: (text(charge.chargeType) ?? '').toUpperCase(),
		name: text(charge.chargeName) ?? '',
		amount: micros(money?.amount) ?? missing(`${where}: an amount`),
		tax: tax ? (micros(tax.amount) ?? missing(`${where}: a tax`)) : ZERO,
		currency: text(money?.currency),
		isDiscount: charge.isDiscount === true || /discount/i.test(text(charge.chargeName) ?? ''),
		reason
	};
}

/** The amount of `{ currencyAmount, currencyUnit }`; zero when it is absent. @throws Unparsable when it is no amount */
export function currencyAmount(value: unknown, where: string): Micros {
	const money = object(value);
	if (!money) return ZERO;
	return micros(money.currencyAmount) ?? missing(where);
}

export function size(amount: Micros): Micros {
	return amount < ZERO ? -amount : amount;
}
