import { deserialize } from 'node:v8';
import { expect, test } from 'vitest';
import { assembler, packed, partsOfJob, type Result } from './pieces.ts';
import type { Job } from './protocol.ts';

const skus = Array.from({ length: 120 }, (_, k) => ({
	id: `s${k}`,
	category: '',
	start: 1,
	units: Float64Array.of(k, Number.NaN),
	byChannel: [null]
}));
const base = { seed: 1, mostMb: 100, set: { origin: 9, channels: ['amazon'], skus, promotions: [] } };
const models = new Map(skus.map(({ id }, k) => [id, { weights: [k], own: {} }]));
const jobs: Job[] = [
	{ ...base, kind: 'train', parts: new Map([['series s1', Uint8Array.of(1)]]) },
	{
		...base,
		kind: 'refresh',
		parts: new Map(),
		state: {} as never,
		models,
		judged: new Map(),
		shared: Uint8Array.of(4)
	},
	{
		...base,
		kind: 'one',
		shop: { start: 1, units: Float64Array.of(1) },
		retrain: true,
		state: null,
		model: null,
		shared: null
	}
];

test.each(jobs)('a job of the kind $kind comes out of its parts as it went in', (job) => {
	const take = assembler();
	const out = [...partsOfJob(job)].map((part) => take(structuredClone(part)));
	expect(out.slice(0, -1).every((one) => one === null)).toBe(true);
	expect(out.at(-1)).toEqual(job);
	expect(job.set.skus).toHaveLength(120);
});

test('results are packed in small pieces that hold all of them in order', () => {
	const results = skus.map(({ id }) => ({ forecast: { key: id }, model: null, accuracy: null })) as Result[];
	const pieces = [...packed(results)].map((data) => deserialize(data) as Result[]);
	expect(pieces.every((piece) => piece.length <= 20)).toBe(true);
	expect(pieces.flat()).toEqual(results);
});
