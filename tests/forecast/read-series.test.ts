import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { forecastOptions } from '../../bench/forecast/options.ts';
import { readSeries } from '../../bench/forecast/read-series.ts';
import { dateOf } from '#lib/server/forecasting/series.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'read-series-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function file(text: string, name = 'units.csv'): string {
	const to = path.join(folder, name);
	fs.writeFileSync(to, name.endsWith('.gz') ? gzipSync(text) : text);
	return to;
}

const text = [
	'series_id,date,units,promo,price,category',
	'b,2026-01-03,4,,,tea',
	'a,2026-01-01,2,,9.5,',
	'a,2026-01-04,NaN,1,,',
	'a,2026-01-01,3,,,',
	'a,2026-02-30,3,,,',
	'a,2026-01-02,many,,,',
	'b,2026-01-05,-1,,,'
].join('\n');

test.each(['units.csv', 'units.csv.gz'])(
	'%s: absent days are 0, unknown ones NaN, doubles are summed',
	async (name) => {
		const { series, last, notes } = await readSeries(file(text, name));
		expect(dateOf(last)).toBe('2026-01-05');
		const [b, a] = series;
		expect({ id: b!.id, start: dateOf(b!.start), category: b!.category }).toEqual({
			id: 'b',
			start: '2026-01-03',
			category: 'tea'
		});
		expect(Array.from(b!.units)).toEqual([4, 0, -1]);
		expect(Array.from(a!.units)).toEqual([5, 0, 0, Number.NaN, 0]);
		expect(Array.from(a!.promo!)).toEqual([0, 0, 0, 1, 0]);
		expect(notes.join('; ')).toContain('2 unreadable lines left out; 1 lines on a date already seen');
	}
);

test('a file that is not of the form says what it lacks', async () => {
	await expect(readSeries(file('sku,day\n1,2'))).rejects.toThrow(
		'needs the columns series_id, date and units; it has sku, day'
	);
	await expect(readSeries(file('series_id,date,units\n'))).rejects.toThrow('no line that can be read');
});

test.each([
	[[], '--data names a CSV file'],
	[['--data', '/nowhere.csv'], 'There is no file /nowhere.csv'],
	[['--data', import.meta.filename, '--horizon', '91'], '--horizon is a whole number from 1 to 90'],
	[['--data', import.meta.filename, '--methods', 'oracle'], 'There is no method "oracle"'],
	[['--data', import.meta.filename, '--colour'], "Unknown option '--colour'"]
])('%j is a wrong call', (args, message) => {
	expect(() => forecastOptions(args)).toThrow(message);
});
