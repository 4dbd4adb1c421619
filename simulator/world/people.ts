import type { Address, Customer } from './model.ts';
import { COUNTRIES, FIRST_NAMES, LAST_NAMES, STREETS, type Country } from './places.ts';
import { cumulate, type Random } from './random.ts';

const COUNTRY_SUMS = cumulate(COUNTRIES.map((country) => country.share));
const REGION_SUMS = new Map(COUNTRIES.map((c) => [c.code, cumulate(c.regions.map((r) => r[2]))]));
const MAIL_HOSTS = ['example.com', 'example.org', 'example.net', 'mail.example'];

/** A made-up address, mostly in the United States; `countryCode` fixes the country. */
export function makeAddress(random: Random, countryCode?: string): Address {
	const country =
		COUNTRIES.find((c) => c.code === countryCode) ?? COUNTRIES[random.cumulative(COUNTRY_SUMS)]!;
	const region = country.regions[random.cumulative(REGION_SUMS.get(country.code)!)]!;
	const [city, zip] = random.pick(region[4]);
	return {
		city,
		provinceCode: region[0] || null,
		province: region[1] || null,
		countryCode: country.code,
		country: country.name,
		zip: zipOf(random, country, zip),
		line1: `${random.int(1, 980)} ${random.pick(STREETS)} Street`
	};
}

function zipOf(random: Random, country: Country, start: string): string {
	if (country.code === 'CA') return `${start} ${random.int(1, 9)}A${random.int(1, 9)}`;
	if (country.code === 'GB') return `${start} ${random.int(1, 9)}AB`;
	const length = country.code === 'NO' || country.code === 'AU' || country.code === 'NL' ? 4 : 5;
	return (
		start + String(random.int(0, 10 ** (length - start.length) - 1)).padStart(length - start.length, '0')
	);
}

/** Sales tax of an address as a fraction, and whether shipping is taxed there. */
export function taxOf(address: Address | null): { rate: number; shipping: boolean } {
	const country = COUNTRIES.find((c) => c.code === address?.countryCode);
	const region = country?.regions.find((r) => r[0] === (address?.provinceCode ?? ''));
	return { rate: region?.[3] ?? 0, shipping: country?.taxShipping ?? false };
}

/** Standard shipping in cents of the shop's currency. */
export function shippingTo(address: Address | null): number {
	return COUNTRIES.find((c) => c.code === address?.countryCode)?.shipping ?? 1995;
}

/** A new customer; e-mail addresses are unique and under reserved domains. */
export function makeCustomer(random: Random, n: number, at: number, countryCode?: string): Customer {
	const firstName = random.pick(FIRST_NAMES);
	const lastName = random.pick(LAST_NAMES);
	return {
		n,
		firstName,
		lastName,
		email: `${firstName}.${lastName}${n}@${random.pick(MAIL_HOSTS)}`.toLowerCase(),
		createdAt: at,
		updatedAt: at,
		orders: 0,
		spent: 0,
		subscribed: random.chance(0.42),
		address: makeAddress(random, countryCode),
		note: null
	};
}
