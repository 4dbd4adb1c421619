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
	[['--replay-live', '5'], /--replay-live needs --replay/],
	[['--fault', 'F16,F99'], /--fault: Unknown fault "F99"/],
	[['--now', 'yesterday'], /--now must be/],
	[['--bogus'], /--bogus/]
])('refuses %j by name', (args, message) => {
	expect(() => parseOptions(args)).toThrow(message);
});
