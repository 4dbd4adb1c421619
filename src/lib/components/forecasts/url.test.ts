import { expect, test } from 'vitest';
import { accuracyQuery, overviewQuery, parseAccuracy, parseOverview } from './url.ts';

test.each([
	'',
	'?level=category&key=Mugs+%26+cups&days=90',
	'?level=category&key=',
	'?days=60&q=mug&sort=skill&dir=asc&page=3'
])('an overview keeps its address %s', (address) => {
	expect(overviewQuery(parseOverview(new URLSearchParams(address)))).toBe(address);
});

test.each(['', '?level=channel&sort=bias&dir=asc&page=2', '?q=mug'])(
	'the accuracy page keeps its address %s',
	(address) => {
		expect(accuracyQuery(parseAccuracy(new URLSearchParams(address)))).toBe(address);
	}
);

test('what cannot be used falls back', () => {
	const odd = new URLSearchParams('level=planet&key=x&days=31&sort=price&page=-4&q=%00');
	expect(overviewQuery(parseOverview(odd))).toBe('');
	expect(accuracyQuery(parseAccuracy(odd))).toBe('');
	// a channel that is not named is none
	expect(parseOverview(new URLSearchParams('level=channel')).level).toBe('shop');
});
