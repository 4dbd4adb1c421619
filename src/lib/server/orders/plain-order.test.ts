import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { channelOrderSchema, ORDER_STATUSES, REFUND_KINDS, type ChannelOrderInput } from './channel-order.ts';
import { decimal, units } from './decimal.ts';
import { readPlainOrder } from './plain-order.ts';

/** Mostly what channels send; now and then what they should not. */
const mostly = <T>(usual: fc.Arbitrary<T>, ...odd: unknown[]) =>
	fc.oneof(
		{ weight: 60, arbitrary: usual as fc.Arbitrary<unknown> },
		{ weight: 1, arbitrary: fc.constantFrom(...odd) }
	);
const perhaps = (one: fc.Arbitrary<unknown>) =>
	fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: fc.constantFrom(null, undefined) });

const id = mostly(
	fc.string({ minLength: 1, maxLength: 12 }),
	'',
	'k'.repeat(251),
	'a\0b',
	'\0',
	'\ud800',
	7,
	null
);
const words = mostly(fc.string({ maxLength: 20 }), '', 'w'.repeat(501), 'a\0b', '\udfff!', 5, {}, null);
const amount = mostly(
	fc.oneof(
		fc
			.tuple(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.nat(4))
			.map(([n, places]) => (n / 10 ** places).toFixed(places)),
		fc.stringMatching(/^[+-]?\d{1,11}(\.\d{0,8})?$/)
	),
	'-0.00',
	'0.0',
	'00.50',
	'.5',
	'1.',
	'+3',
	'123456789012',
	'1e3',
	'NaN',
	12,
	null,
	undefined
);
const currency = mostly(fc.constantFrom('USD', 'EUR', 'JPY'), 'usd', 'US', '', null);
const country = mostly(fc.constantFrom('US', 'DE'), 'de', 'Germany', '', '1A', 3);
const time = mostly(
	fc.oneof(
		fc
			.date({ noInvalidDate: true, min: new Date('1899-01-01'), max: new Date('2201-01-01') })
			.map((at) => at.toISOString()),
		fc.date({ noInvalidDate: true, min: new Date('1950-01-01'), max: new Date('2101-01-01') }),
		fc
			.tuple(
				fc.integer({ min: 1, max: 13 }),
				fc.integer({ min: 0, max: 32 }),
				fc.integer({ min: 0, max: 24 })
			)
			.map(
				([month, day, hour]) =>
					`2024-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:30:59Z`
			),
		fc.constantFrom(
			'2025-03-01T10:00:00+02:00',
			'2025-03-01T10:00:00.123456Z',
			'2025-03-01T10:00:00.1Z',
			'2024-12-31T23:59:59-11:30'
		)
	),
	'2025-02-30T00:00:00Z',
	'2025-01-01T24:00:00Z',
	'2025-01-01',
	'2025-01-01T00:00Z',
	'soon',
	'',
	0,
	null,
	new Date(Number.NaN)
);
const flag = mostly(fc.boolean(), undefined, null, 'true');
const count = mostly(fc.integer({ min: -3, max: 9 }), 400_001, -400_001, 1.5, -0, '2', null);
const some = <T>(row: fc.Arbitrary<T>) =>
	mostly(fc.array(row, { maxLength: 4 }), undefined, null, {}, [null], [[]]);
/** Records in which any key may be absent now and then, and with keys that nobody knows. */
const record = (fields: Record<string, fc.Arbitrary<unknown>>) =>
	mostly(
		fc.tuple(fc.record(fields), mostly(fc.constant(''), 'more', ...Object.keys(fields))).map(([row, odd]) => {
			if (odd === 'more') return { more: 1, ...row };
			const { [odd as string]: _gone, ...rest } = row;
			return rest;
		}),
		null,
		undefined,
		[],
		'x'
	);

const line = record({
	externalId: id,
	position: count,
	listingExternalId: perhaps(id),
	groupExternalId: perhaps(id),
	sku: perhaps(id),
	title: words,
	variantTitle: perhaps(words),
	vendor: perhaps(words),
	category: perhaps(words),
	quantity: count,
	unitPrice: amount,
	gross: amount,
	discount: amount,
	tax: amount,
	isGiftCard: flag,
	adjustment: mostly(fc.constant(null), undefined, {}, { quantity: '1' }, { unitPrice: 3 })
});
const refundLine = record({
	externalId: id,
	kind: mostly(fc.constantFrom(...REFUND_KINDS), 'fee', null),
	lineExternalId: perhaps(id),
	quantity: count,
	amount,
	tax: amount,
	restocked: flag
});
const refund = record({ externalId: id, refundedAt: time, total: perhaps(amount), lines: some(refundLine) });
const order = record({
	externalId: id,
	name: words,
	placedAt: time,
	updatedAt: time,
	cancelledAt: perhaps(time),
	isTest: flag,
	isReplacement: flag,
	currency,
	presentment: perhaps(record({ currency, total: amount })),
	financialStatus: perhaps(words),
	fulfillmentStatus: perhaps(words),
	status: mostly(fc.constantFrom(...ORDER_STATUSES), 'lost', null),
	priceKnown: flag,
	shipping: amount,
	tax: amount,
	total: perhaps(amount),
	customer: perhaps(
		record({
			externalId: id,
			name: perhaps(words),
			email: perhaps(words),
			country: perhaps(country),
			updatedAt: perhaps(time)
		})
	),
	address: perhaps(
		record({
			name: perhaps(words),
			city: perhaps(words),
			region: perhaps(words),
			country: perhaps(country),
			countryName: perhaps(words)
		})
	),
	lines: some(line),
	refunds: some(refund),
	events: mostly(
		fc.constant([]),
		undefined,
		null,
		[{ kind: 'paid', at: '2025-01-01T00:00:00Z' }],
		[{ kind: 'paid' }]
	)
}) as fc.Arbitrary<ChannelOrderInput>;

test('a plain order is what the schema makes of it, to the order of its keys; what the schema refuses is never plain', () => {
	let plain = 0;
	let refused = 0;
	fc.assert(
		fc.property(order, (input) => {
			const read = readPlainOrder(input);
			const valid = channelOrderSchema.safeParse(input);
			if (!valid.success) refused++;
			if (read === null) return;
			plain++;
			expect(valid.success).toBe(true);
			expect(JSON.stringify(read)).toBe(JSON.stringify(valid.data));
		}),
		{ numRuns: 3000 }
	);
	expect(plain).toBeGreaterThan(300);
	expect(refused).toBeGreaterThan(300);
});

test('short amounts are read as long ones are', () => {
	const long = (value: string) => {
		const [whole, fraction = ''] = value.replace(/^[+-]/, '').split('.');
		const size = BigInt(whole + fraction.slice(0, 4).padEnd(4, '0')) + (fraction.charAt(4) >= '5' ? 1n : 0n);
		return value.startsWith('-') ? -size : size;
	};
	fc.assert(
		fc.property(fc.stringMatching(/^[+-]?\d{1,14}(\.\d{0,8})?$/), (value) => {
			expect(units(value)).toBe(long(value));
			expect(units(decimal(value))).toBe(long(value));
			expect(decimal(value)).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
			expect(decimal(value)).not.toBe('-0');
		}),
		{ numRuns: 2000 }
	);
});
