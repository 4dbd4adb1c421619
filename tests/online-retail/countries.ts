/** The file's country names as ISO codes. Three of them are no country: these the product keeps as they are written. */
export const CODES: Readonly<Record<string, string>> = {
	Australia: 'AU', Austria: 'AT', Bahrain: 'BH', Belgium: 'BE', Bermuda: 'BM', Brazil: 'BR', Canada: 'CA', 'Channel Islands': 'JE', Cyprus: 'CY',
	'Czech Republic': 'CZ', Denmark: 'DK', EIRE: 'IE', Finland: 'FI', France: 'FR', Germany: 'DE', Greece: 'GR', 'Hong Kong': 'HK', Iceland: 'IS',
	Israel: 'IL', Italy: 'IT', Japan: 'JP', Korea: 'KR', Lebanon: 'LB', Lithuania: 'LT', Malta: 'MT', Netherlands: 'NL', Nigeria: 'NG', Norway: 'NO',
	Poland: 'PL', Portugal: 'PT', RSA: 'ZA', 'Saudi Arabia': 'SA', Singapore: 'SG', Spain: 'ES', Sweden: 'SE', Switzerland: 'CH', Thailand: 'TH',
	USA: 'US', 'United Arab Emirates': 'AE', 'United Kingdom': 'GB'
};
