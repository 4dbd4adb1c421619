import fs from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { dayOf, type Day, type Series } from '#lib/server/forecasting/series.ts';

/** What a file held, and what had to be put right on the way. */
export interface SeriesFile {
	series: Series[];
	last: Day;
	notes: string[];
}

interface Points {
	units: Map<Day, number>;
	promo: Map<Day, number>;
	price: Map<Day, number>;
	category?: string;
	channel?: string;
}

/** Empty, NA and NaN are unknown days; anything else has to be a number. */
function unitsOf(text: string): number {
	const trimmed = text.trim();
	return /^(|na|nan|null)$/i.test(trimmed) ? Number.NaN : Number(trimmed);
}

/**
 * Reads `series_id,date,units[,promo,price,category,channel]`, gzipped or not, in any order. Dates that are absent between a series'
 * first date and the file's last are 0, empty or NaN units are unknown, doubles are summed; lines that cannot be read are left out and counted.
 * @throws {Error} that says what is wrong when the file has no readable line or lacks a column.
 */
export async function readSeries(file: string): Promise<SeriesFile> {
	const bytes = fs.createReadStream(file);
	const head = Buffer.alloc(2);
	const handle = fs.openSync(file, 'r');
	fs.readSync(handle, head, 0, 2, 0);
	fs.closeSync(handle);
	const gzipped = head[0] === 0x1f && head[1] === 0x8b;
	const parser = parse({
		columns: true,
		bom: true,
		trim: true,
		relax_column_count: true,
		skip_empty_lines: true
	});
	const source = gzipped ? bytes.pipe(createGunzip()) : bytes;
	source.on('error', (error: Error) => parser.destroy(error));
	bytes.on('error', (error: Error) => parser.destroy(error));

	const read = new Map<string, Points>();
	const counts = { unreadable: 0, doubles: 0, negative: 0, unknown: 0 };
	let last = -Infinity;
	for await (const row of source.pipe(parser) as AsyncIterable<Record<string, string | undefined>>) {
		if (row.series_id === undefined || row.date === undefined || row.units === undefined) {
			if (!('series_id' in row && 'date' in row && 'units' in row))
				throw new Error(
					`${file} needs the columns series_id, date and units; it has ${Object.keys(row).join(', ')}`
				);
			counts.unreadable++;
			continue;
		}
		let day: Day;
		try {
			day = dayOf(row.date.slice(0, 10));
		} catch {
			counts.unreadable++;
			continue;
		}
		const units = unitsOf(row.units);
		if (row.series_id === '' || (Number.isNaN(units) && !/^(|na|nan|null)$/i.test(row.units.trim()))) {
			counts.unreadable++;
			continue;
		}
		const points: Points = read.get(row.series_id) ?? {
			units: new Map(),
			promo: new Map(),
			price: new Map()
		};
		read.set(row.series_id, points);
		const before = points.units.get(day);
		if (before !== undefined) counts.doubles++;
		if (units < 0) counts.negative++;
		if (Number.isNaN(units)) counts.unknown++;
		// A known part of a doubled day counts: an unknown twin does not take it away.
		points.units.set(
			day,
			before === undefined || Number.isNaN(before) ? units : Number.isNaN(units) ? before : before + units
		);
		if (row.promo) points.promo.set(day, Number(row.promo) || 0);
		if (row.price && Number(row.price) > 0) points.price.set(day, Number(row.price));
		if (row.category) points.category = row.category;
		if (row.channel) points.channel = row.channel;
		last = Math.max(last, day);
	}
	if (read.size === 0) throw new Error(`${file} has no line that can be read`);

	const series = [...read].map(([id, points]) => seriesOf(id, points, last));
	const notes = Object.entries({
		'unreadable lines left out': counts.unreadable,
		'lines on a date already seen, summed': counts.doubles,
		'negative units, taken as 0 by the engines': counts.negative,
		'unknown days': counts.unknown
	}).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
	return { series, last, notes };
}

function seriesOf(id: string, points: Points, last: Day): Series {
	let start = last;
	for (const day of points.units.keys()) start = Math.min(start, day);
	const units = new Float64Array(last - start + 1);
	for (const [day, value] of points.units) units[day - start] = value;
	const series: Series = { id, start, units };
	if (points.category) series.category = points.category;
	if (points.channel) series.channel = points.channel;
	if (points.promo.size > 0) series.promo = units.map((_, i) => points.promo.get(start + i) ?? 0);
	if (points.price.size > 0) {
		let price = points.price.values().next().value!;
		series.price = units.map((_, i) => (price = points.price.get(start + i) ?? price));
	}
	return series;
}
