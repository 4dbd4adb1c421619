import type { MarketName, Site } from './model.ts';

/** Currency worth of one US dollar: fixed, so that the world is the same whenever it is made. */
const PER_DOLLAR: Readonly<Record<string, number>> = {
	USD: 1, CAD: 1.37, MXN: 18.4, GBP: 0.77, EUR: 0.92, SEK: 10.4, PLN: 3.95, AUD: 1.52
}; // prettier-ignore

const COUNTRIES: readonly { code: string; country: string; currency: string }[] = [
	{ code: 'US', country: 'US', currency: 'USD' },
	{ code: 'CA', country: 'CA', currency: 'CAD' },
	{ code: 'UK', country: 'GB', currency: 'GBP' },
	{ code: 'DE', country: 'DE', currency: 'EUR' },
	{ code: 'SE', country: 'SE', currency: 'SEK' },
	{ code: 'AU', country: 'AU', currency: 'AUD' }
];

/** Countries a marketplace of the simulator can have. */
export const SITE_CODES: readonly string[] = COUNTRIES.map(({ code }) => code);

/**
 * The sites of a marketplace: the first has most orders, each further one a tenth. Prices follow a fixed rate from the shop's
 * currency.
 */
export function sitesOf(codes: readonly string[], shopCurrency: string): Site[] {
	const base = PER_DOLLAR[shopCurrency] ?? 1;
	const rest = 0.1 * (codes.length - 1);
	return codes.map((code, place) => {
		const found = COUNTRIES.find((one) => one.code === code);
		if (!found) throw new Error(`No marketplace "${code}". Known: ${SITE_CODES.join(', ')}`);
		return { ...found, rate: PER_DOLLAR[found.currency]! / base, share: place === 0 ? 1 - rest : 0.1 };
	});
}

/** The site a shop of that currency sells on when none is named; Walmart's is always the United States. */
export function homeSite(name: MarketName, shopCurrency: string): string {
	if (name === 'walmart') return 'US';
	return COUNTRIES.find(({ currency }) => currency === shopCurrency)?.code ?? 'US';
}
