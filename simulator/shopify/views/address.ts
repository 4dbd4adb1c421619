import type { Address, Customer } from '../../world/model.ts';
import { gid } from '../ids.ts';

/** `n` is the number of the order or customer the address belongs to. */
export function addressView(address: Address | null, n: number, customer: Customer | null) {
	if (!address) return null;
	const name = [customer?.firstName, customer?.lastName].filter(Boolean).join(' ') || null;
	return {
		__typename: 'MailingAddress',
		id: `${gid('MailingAddress', n)}?model_name=Address`,
		address1: address.line1,
		address2: null,
		city: address.city,
		company: null,
		country: address.country,
		countryCodeV2: address.countryCode,
		firstName: customer?.firstName ?? null,
		lastName: customer?.lastName ?? null,
		name,
		phone: null,
		province: address.province,
		provinceCode: address.provinceCode,
		zip: address.zip
	};
}
