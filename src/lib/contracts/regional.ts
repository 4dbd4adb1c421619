/** Regions (ISO 3166) by the currency people sell in there (ISO 4217). */
const REGIONS: Record<string, string> = {
	USD: 'US EC SV PR PA',
	EUR: 'AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK ME XK',
	GBP: 'GB IM JE GG',
	CAD: 'CA',
	AUD: 'AU',
	NZD: 'NZ',
	JPY: 'JP',
	CNY: 'CN',
	HKD: 'HK',
	TWD: 'TW',
	KRW: 'KR',
	SGD: 'SG',
	INR: 'IN',
	IDR: 'ID',
	MYR: 'MY',
	THB: 'TH',
	VND: 'VN',
	PHP: 'PH',
	PKR: 'PK',
	BDT: 'BD',
	LKR: 'LK',
	NPR: 'NP',
	AED: 'AE',
	SAR: 'SA',
	QAR: 'QA',
	KWD: 'KW',
	BHD: 'BH',
	OMR: 'OM',
	JOD: 'JO',
	ILS: 'IL',
	TRY: 'TR',
	EGP: 'EG',
	MAD: 'MA',
	TND: 'TN',
	DZD: 'DZ',
	ZAR: 'ZA',
	NGN: 'NG',
	KES: 'KE',
	GHS: 'GH',
	TZS: 'TZ',
	UGX: 'UG',
	CHF: 'CH LI',
	SEK: 'SE',
	NOK: 'NO',
	DKK: 'DK GL',
	ISK: 'IS',
	PLN: 'PL',
	CZK: 'CZ',
	HUF: 'HU',
	RON: 'RO',
	BGN: 'BG',
	RSD: 'RS',
	UAH: 'UA',
	GEL: 'GE',
	KZT: 'KZ',
	MXN: 'MX',
	BRL: 'BR',
	ARS: 'AR',
	CLP: 'CL',
	COP: 'CO',
	PEN: 'PE',
	UYU: 'UY',
	CRC: 'CR',
	DOP: 'DO',
	GTQ: 'GT'
};

/** The currencies offered in menus. */
export const CURRENCIES: readonly string[] = Object.keys(REGIONS);

/** The ways of writing numbers and dates offered in menus, BCP 47. */
export const LOCALES = [
	'en-US',
	'en-GB',
	'en-CA',
	'en-AU',
	'en-NZ',
	'en-IE',
	'en-IN',
	'en-SG',
	'en-ZA',
	'de-DE',
	'de-AT',
	'de-CH',
	'fr-FR',
	'fr-BE',
	'fr-CA',
	'fr-CH',
	'es-ES',
	'es-MX',
	'es-AR',
	'es-CO',
	'it-IT',
	'pt-BR',
	'pt-PT',
	'nl-NL',
	'nl-BE',
	'da-DK',
	'sv-SE',
	'nb-NO',
	'fi-FI',
	'is-IS',
	'pl-PL',
	'cs-CZ',
	'sk-SK',
	'hu-HU',
	'ro-RO',
	'bg-BG',
	'hr-HR',
	'sl-SI',
	'el-GR',
	'tr-TR',
	'uk-UA',
	'he-IL',
	'ja-JP',
	'zh-CN',
	'zh-TW',
	'ko-KR',
	'th-TH',
	'vi-VN',
	'id-ID'
] as const;

/** Names of today for those that runtimes still tell. */
const RENAMED: Readonly<Record<string, string>> = {
	'Africa/Asmera': 'Africa/Asmara',
	'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
	'America/Godthab': 'America/Nuuk',
	'Asia/Calcutta': 'Asia/Kolkata',
	'Asia/Katmandu': 'Asia/Kathmandu',
	'Asia/Rangoon': 'Asia/Yangon',
	'Asia/Saigon': 'Asia/Ho_Chi_Minh',
	'Atlantic/Faeroe': 'Atlantic/Faroe',
	'Europe/Kiev': 'Europe/Kyiv',
	'Pacific/Ponape': 'Pacific/Pohnpei',
	'Pacific/Truk': 'Pacific/Chuuk'
};

/** Time zones to choose from, by name, UTC first. */
export function timeZones(): string[] {
	const named = Intl.supportedValuesOf('timeZone').map((zone) => RENAMED[zone] ?? zone);
	return ['UTC', ...[...new Set(named)].filter((zone) => zone !== 'UTC').sort()];
}

/** What a browser tells of its place: guesses that the person sees and can change. */
export interface RegionalGuess {
	currency: string;
	timeZone: string;
	locale: string;
}

/** Guesses the rest from a language tag such as `de-AT`; the time zone is the one given, or UTC. */
export function guessRegional(tag: string | undefined, timeZone = 'UTC'): RegionalGuess {
	const wanted = canonical(tag ?? 'en-US') ?? 'en-US';
	const language = wanted.split('-')[0];
	const locale =
		LOCALES.find((known) => known === wanted) ??
		LOCALES.find((known) => known.split('-')[0] === language) ??
		'en-US';
	const region = new Intl.Locale(wanted).maximize().region ?? 'US';
	const currency = CURRENCIES.find((code) => REGIONS[code]!.split(' ').includes(region)) ?? 'USD';
	return { currency, timeZone: RENAMED[timeZone] ?? timeZone, locale };
}

function canonical(tag: string): string | null {
	try {
		return Intl.getCanonicalLocales(tag)[0] ?? null;
	} catch {
		return null;
	}
}
