import { expect, it } from 'vitest';
import { parseOptions } from './options.ts';

it('has defaults a newcomer can use', () => {
	expect(parseOptions([])).toMatchObject({
		port: 4100,
		host: '127.0.0.1',
		seed: '1',
		months: 24,
		products: 240
	});
	expect(parseOptions(['--help'])).toBeNull();
});

it('has all three channels for one seller, only the shop for several or for a replay', () => {
	expect([...parseOptions([])!.markets.keys()]).toEqual(['amazon', 'walmart']);
	expect(parseOptions(['--shops', '2'])!.markets.size).toBe(0);
	expect(parseOptions(['--shops', '2', '--channels', 'shopify,amazon'])!.markets.size).toBe(1);
	expect(parseOptions(['--rate', '10'])!.markets.get('amazon')!.rate).toBe(9);
});

it('knows all 38 faults', () => {
	const all = Array.from({ length: 38 }, (_, n) => `F${String(n + 1).padStart(2, '0')}`);
	expect(parseOptions(['--fault', all.join(',')])!.faults).toEqual(all);
});

it.each([
	[['--port', 'abc'], /--port must be a whole number, not "abc"/],
	[['--port', '70000'], /--port must be between 0 and 65535/],
	[['--months', '-1'], /--months/],
	[['--shop', 'example.com'], /--shop must look like/],
	[['--plan', 'gold'], /--plan must be one of standard/],
	[['--webhooks', 'maybe'], /--webhooks must be one of on, off/],
	[['--currency', 'JPY'], /--currency "JPY"/],
	[['--time-zone', 'Mars'], /--time-zone "Mars"/],
	[['--replay', '/nowhere.csv'], /--replay: there is no file/],
	[['--channels', 'shopify,ebay'], /--channels: there is no channel "ebay"/],
	[['--amazon-sites', 'US,XX'], /--amazon-sites: there is no site "XX"/],
	[['--walmart-rate', '700000'], /--walmart-rate must be between/],
	[['--replay-live', '5'], /--replay-live needs --replay/],
	[['--fault', 'F16,F99'], /--fault: Unknown fault "F99"/],
	[['--now', 'yesterday'], /--now must be/],
	[['--bogus'], /--bogus/]
])('refuses %j by name', (args, message) => {
	expect(() => parseOptions(args)).toThrow(message);
});
