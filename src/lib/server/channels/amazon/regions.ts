/** Where Amazon's selling partners are served from; one authorization opens one region. */
export type Region = 'na' | 'eu' | 'fe';

export const REGIONS: readonly Region[] = ['na', 'eu', 'fe'];

export const REGION_NAMES: Record<Region, string> = {
	na: 'North America',
	eu: 'Europe, Middle East, Africa and India',
	fe: 'Far East'
};

/** Marketplace ids with their country, currency and region (CHANNELS.md, section 1.3); `taxInside`: item prices contain tax. */
export interface Marketplace {
	id: string;
	country: string;
	currency: string;
	region: Region;
	timeZone: string;
	taxInside: boolean;
}

const rows: [string, string, string, Region, string][] = [
	['A2EUQ1WTGCTBG2', 'CA', 'CAD', 'na', 'America/Los_Angeles'],
	['ATVPDKIKX0DER', 'US', 'USD', 'na', 'America/Los_Angeles'],
	['A1AM78C64UM0Y8', 'MX', 'MXN', 'na', 'America/Los_Angeles'],
	['A2Q3Y263D00KWC', 'BR', 'BRL', 'na', 'America/Sao_Paulo'],
	['A28R8C7NBKEWEA', 'IE', 'EUR', 'eu', 'Europe/Dublin'],
	['A1RKKUPIHCS9HS', 'ES', 'EUR', 'eu', 'Europe/Paris'],
	['A1F83G8C2ARO7P', 'GB', 'GBP', 'eu', 'Europe/London'],
	['A13V1IB3VIYZZH', 'FR', 'EUR', 'eu', 'Europe/Paris'],
	['AMEN7PMS3EDWL', 'BE', 'EUR', 'eu', 'Europe/Brussels'],
	['A1805IZSGTT6HS', 'NL', 'EUR', 'eu', 'Europe/Amsterdam'],
	['A1PA6795UKMFR9', 'DE', 'EUR', 'eu', 'Europe/Paris'],
	['APJ6JRA9NG5V4', 'IT', 'EUR', 'eu', 'Europe/Paris'],
	['A2NODRKZP88ZB9', 'SE', 'SEK', 'eu', 'Europe/Stockholm'],
	['AE08WJ6YKNBMC', 'ZA', 'ZAR', 'eu', 'Africa/Johannesburg'],
	['A1C3SOZRARQ6R3', 'PL', 'PLN', 'eu', 'Europe/Warsaw'],
	['ARBP9OOSHTCHU', 'EG', 'EGP', 'eu', 'Africa/Cairo'],
	['A33AVAJ2PDY3EV', 'TR', 'TRY', 'eu', 'Europe/Istanbul'],
	['A17E79C6D8DWNP', 'SA', 'SAR', 'eu', 'Asia/Riyadh'],
	['A2VIGQ35RCS4UG', 'AE', 'AED', 'eu', 'Asia/Dubai'],
	['A21TJRUUN4KGV', 'IN', 'INR', 'eu', 'Asia/Kolkata'],
	['A19VAU5U5O7RUS', 'SG', 'SGD', 'fe', 'Asia/Singapore'],
	['A39IBJ37TRP1C6', 'AU', 'AUD', 'fe', 'Australia/Sydney'],
	['A1VC38T7YXB528', 'JP', 'JPY', 'fe', 'Asia/Tokyo']
];

const BY_ID = new Map(
	rows.map(([id, country, currency, region, timeZone]): [string, Marketplace] => [
		id,
		{ id, country, currency, region, timeZone, taxInside: country !== 'US' && country !== 'CA' }
	])
);

/** What is known of a marketplace; null for one that Amazon opened since. */
export function marketplaceOf(id: string): Marketplace | null {
	return BY_ID.get(id) ?? null;
}

/** Currencies by the end of a front's name: Amazon.co.uk. */
const FRONTS: Record<string, string> = {
	com: 'USD',
	ca: 'CAD',
	'com.mx': 'MXN',
	'com.br': 'BRL',
	'co.uk': 'GBP',
	ie: 'EUR',
	de: 'EUR',
	fr: 'EUR',
	it: 'EUR',
	es: 'EUR',
	nl: 'EUR',
	'com.be': 'EUR',
	se: 'SEK',
	pl: 'PLN',
	'com.tr': 'TRY',
	'co.za': 'ZAR',
	eg: 'EGP',
	sa: 'SAR',
	ae: 'AED',
	in: 'INR',
	sg: 'SGD',
	'com.au': 'AUD',
	'co.jp': 'JPY'
};

/** The currency of a front as reports name it, such as Amazon.de; null for one that is not known. */
export function currencyOfFront(name: string): string | null {
	return FRONTS[name.toLowerCase().replace(/^(non-)?amazon\./, '')] ?? null;
}

/** Where the API of a region answers. */
export function endpointOf(region: Region): string {
	return `https://sellingpartnerapi-${region}.amazon.com`;
}

/** Where Login with Amazon gives out tokens. */
export const LWA_ENDPOINT = 'https://api.amazon.com';
