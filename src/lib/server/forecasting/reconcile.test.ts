import fc from 'fast-check';
import { expect, test } from 'vitest';
import { believed, channelShares, reconciled, type Unreconciled } from './reconcile.ts';

const units = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 500, noNaN: true }));

const sets: fc.Arbitrary<Unreconciled> = fc
	.record({
		skus: fc.integer({ min: 1, max: 6 }),
		categories: fc.integer({ min: 1, max: 3 }),
		channels: fc.integer({ min: 1, max: 3 }),
		horizon: fc.integer({ min: 1, max: 4 })
	})
	.chain(({ skus, categories, channels, horizon }) => {
		const values = fc
			.array(units, { minLength: horizon, maxLength: horizon })
			.map((list) => Float64Array.from(list));
		const some = (count: number) => fc.array(values, { minLength: count, maxLength: count });
		return fc.record({
			skus: some(skus),
			categories: some(categories),
			channels: some(channels),
			shop: values,
			categoryOf: fc.array(fc.nat({ max: categories - 1 }), { minLength: skus, maxLength: skus }),
			shares: fc
				.array(fc.array(fc.nat({ max: 4 }), { minLength: channels, maxLength: channels }), {
					minLength: skus,
					maxLength: skus
				})
				.map((rows) =>
					rows.map((row) => {
						const sum = row.reduce((a, b) => a + b, 0);
						return row.map((value) => (sum > 0 ? value / sum : 1 / row.length));
					})
				)
		});
	});

test('whatever the levels say, parts sum to totals on every day and nothing is below 0', () => {
	fc.assert(
		fc.property(sets, fc.double({ min: 0, max: 1, noNaN: true }), (given, belief) => {
			const out = reconciled(given, { shop: belief, category: belief, channel: belief });
			const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(1e-6 * (1 + Math.abs(b)));
			given.shop.forEach((_, h) => {
				const sum = (list: readonly Float64Array[]) => list.reduce((total, values) => total + values[h]!, 0);
				near(sum(out.categories), out.shop[h]!);
				near(sum(out.channels), out.shop[h]!);
				near(sum(out.skus), out.shop[h]!);
				out.skus.forEach((points, i) => {
					near(sum(out.pairs[i]!), points[h]!);
					expect(points[h]!).toBeGreaterThanOrEqual(0);
				});
				out.categories.forEach((values, c) =>
					near(sum(out.skus.filter((_, i) => given.categoryOf[i] === c)), values[h]!)
				);
				for (const row of out.pairs) for (const values of row) expect(values[h]!).toBeGreaterThanOrEqual(0);
			});
		})
	);
});

test('levels that agree already stay as they are', () => {
	const given: Unreconciled = {
		skus: [Float64Array.of(6), Float64Array.of(4)],
		categoryOf: [0, 1],
		shares: [
			[0.5, 0.5],
			[1, 0]
		],
		shop: Float64Array.of(10),
		categories: [Float64Array.of(6), Float64Array.of(4)],
		channels: [Float64Array.of(7), Float64Array.of(3)]
	};
	const out = reconciled(given, { shop: 0.5, category: 0.5, channel: 0.5 });
	expect(out.shop[0]).toBeCloseTo(10);
	expect(out.skus.map((points) => points[0])).toEqual([expect.closeTo(6), expect.closeTo(4)]);
	expect(out.pairs[1]!.map((points) => points[0])).toEqual([expect.closeTo(4), 0]);
});

test('belief goes to the one that was right, and to the middle without a past', () => {
	const flat = (value: number) => new Float64Array(84).fill(value);
	expect(believed([])).toBe(0.5);
	expect(believed([{ own: flat(10), parts: flat(6), actual: flat(10) }])).toBeGreaterThan(0.75);
	expect(believed([{ own: flat(10), parts: flat(6), actual: flat(6) }])).toBeLessThan(0.25);
});

test('a channel that never sold a SKU gets nothing of it; shares sum to one', () => {
	const shares = channelShares([
		[Float64Array.of(9, 9), null],
		[null, null],
		[Float64Array.of(0, 0), Float64Array.of(1, Number.NaN)]
	]);
	expect(shares[0]).toEqual([1, 0]);
	for (const row of shares) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1);
});
