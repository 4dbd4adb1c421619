import { expect, test } from 'vitest';
import { guessRegional, timeZones } from './regional.ts';

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

test('zones have the names of today, and what a browser tells is among them', () => {
	const zones = timeZones();
	expect(zones[0]).toBe('UTC');
	expect(new Set(zones).size).toBe(zones.length);
	expect(zones).toEqual(expect.arrayContaining(['Asia/Kolkata', 'Europe/Kyiv', 'America/New_York']));
	for (const told of ['Asia/Calcutta', 'Asia/Kolkata', 'Europe/Berlin'])
		expect(zones).toContain(guessRegional('en', told).timeZone);
});
