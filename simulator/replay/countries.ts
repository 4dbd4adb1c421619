import type { Address } from '../world/model.ts';

/** Names used by the retail file; null where the name is no country. */
const CODES: Readonly<Record<string, string | null>> = {
	Australia: 'AU',
	Austria: 'AT',
	Bahrain: 'BH',
	Belgium: 'BE',
	Bermuda: 'BM',
	Brazil: 'BR',
	Canada: 'CA',
	'Channel Islands': 'JE',
	Cyprus: 'CY',
	'Czech Republic': 'CZ',
	Denmark: 'DK',
	EIRE: 'IE',
	'European Community': null,
	Finland: 'FI',
	France: 'FR',
	Germany: 'DE',
	Greece: 'GR',
	'Hong Kong': 'HK',
	Iceland: 'IS',
	Israel: 'IL',
	Italy: 'IT',
	Japan: 'JP',
	Korea: 'KR',
	Lebanon: 'LB',
	Lithuania: 'LT',
	Malta: 'MT',
	Netherlands: 'NL',
	Nigeria: 'NG',
	Norway: 'NO',
	Poland: 'PL',
	Portugal: 'PT',
	RSA: 'ZA',
	'Saudi Arabia': 'SA',
	Singapore: 'SG',
	Spain: 'ES',
	Sweden: 'SE',
	Switzerland: 'CH',
	Thailand: 'TH',
	USA: 'US',
	'United Arab Emirates': 'AE',
	'United Kingdom': 'GB',
	Unspecified: null,
	'West Indies': null
};

export const COUNTRY_NAMES = Object.keys(CODES);

/** ISO code of a country name of the file, null for names that are no country or not known. */
export function countryCode(name: string): string | null {
	return CODES[name] ?? null;
}

/** An address that says only the country, with the file's own name for it. */
export function countryAddress(name: string): Address {
	return {
		city: null,
		provinceCode: null,
		province: null,
		countryCode: countryCode(name),
		country: name,
		zip: null,
		line1: null
	};
}
