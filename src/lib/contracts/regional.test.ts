import { expect, test } from 'vitest';
import { guessRegional } from './regional.ts';

test.each([
	['en-US', 'USD', 'en-US'],
	['de-AT', 'EUR', 'de-AT'],
	['de-LI', 'CHF', 'de-DE'],
	['fr', 'EUR', 'fr-FR'],
	['pt-BR', 'BRL', 'pt-BR'],
	['en-GB', 'GBP', 'en-GB'],
	['ja', 'JPY', 'ja-JP'],
	['tlh', 'USD', 'en-US'],
	['*', 'USD', 'en-US'],
	[undefined, 'USD', 'en-US']
])('%s sells in %s and reads %s', (tag, currency, locale) => {
	expect(guessRegional(tag, 'Europe/Vienna')).toEqual({ currency, locale, timeZone: 'Europe/Vienna' });
});
