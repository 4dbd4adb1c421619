import Big from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal, sum } from './decimal.ts';
import { differences, figuresByDay, type FiguredOrder } from './figures.ts';
import { endOfDay, startOfDay } from './local-instant.ts';
import { localDay } from './day.ts';

const line = (given: Partial<FiguredOrder['lines'][number]> = {}) => ({
	externalId: 'l',
	quantity: 2,
	gross: '20',
	discount: '1.5',
	isGiftCard: false,
	...given
});
const order = (given: Partial<FiguredOrder> = {}): FiguredOrder => ({
	kind: 'sale',
	currency: 'USD',
	placedAt: '2026-11-20T02:00:00.000Z',
	priceKnown: true,
	lines: [line()],
	refunds: [],
	...given
});
const refund = (
	lines: FiguredOrder['refunds'][number]['lines'],
	refundedAt = '2026-11-25T12:00:00.000Z'
) => ({ refundedAt, lines });

test('a sale counts on its local day, a refund on its own', () => {
	const figures = figuresByDay(
		order({
			refunds: [
				refund([
					{ kind: 'item', lineExternalId: 'l', amount: '9.25' },
					{ kind: 'shipping', lineExternalId: null, amount: '4' },
					{ kind: 'adjustment', lineExternalId: null, amount: '0.75' }
				])
			]
		}),
		'America/New_York'
	);
	expect(figures).toEqual([
		{
			day: '2026-11-19',
			currency: 'USD',
			orders: 1,
			units: 2,
			gross: '20',
			discounts: '1.5',
			refunds: '0',
			net: '18.5'
		},
		{
			day: '2026-11-25',
			currency: 'USD',
			orders: 0,
			units: 0,
			gross: '0',
			discounts: '0',
			refunds: '10',
			net: '-10'
		}
	]);
});

test('gift cards count neither sold nor refunded', () => {
	const lines = [
		line(),
		line({ externalId: 'card', quantity: 1, gross: '50', discount: '0', isGiftCard: true })
	];
	const figures = figuresByDay(
		order({ lines, refunds: [refund([{ kind: 'item', lineExternalId: 'card', amount: '50' }])] }),
		'UTC'
	);
	expect(figures).toMatchObject([
		{ units: 2, gross: '20', net: '18.5' },
		{ refunds: '0', net: '0' }
	]);
});

test('an unknown price counts orders and units only', () => {
	expect(figuresByDay(order({ priceKnown: false, lines: [line({ gross: null })] }), 'UTC')).toMatchObject([
		{ orders: 1, units: 2, gross: '0', discounts: '0', net: '0' }
	]);
});

test.each(['test', 'gift_card', 'cancelled', 'adjustment', 'replacement'] as const)(
	'%s counts nowhere',
	(kind) => {
		expect(
			figuresByDay(
				order({ kind, refunds: [refund([{ kind: 'item', lineExternalId: 'l', amount: '5' }])] }),
				'UTC'
			)
		).toEqual([]);
	}
);

test('refund_only carries its refunds, corrections included', () => {
	const refunds = [
		refund([{ kind: 'item', lineExternalId: 'l', amount: '5' }]),
		refund([{ kind: 'item', lineExternalId: 'l', amount: '-2' }])
	];
	expect(
		figuresByDay(order({ kind: 'refund_only', lines: [line({ quantity: 0, gross: null })], refunds }), 'UTC')
	).toMatchObject([{ orders: 0, refunds: '3', net: '-3' }]);
});

test('differences are what turns one state into the other', () => {
	const before = figuresByDay(order(), 'UTC');
	const after = figuresByDay(order({ placedAt: '2026-11-21T02:00:00.000Z', currency: 'EUR' }), 'UTC');
	expect(differences(before, before)).toEqual([]);
	expect(differences(before, after)).toMatchObject([
		{ day: '2026-11-20', currency: 'USD', orders: -1, net: '-18.5' },
		{ day: '2026-11-21', currency: 'EUR', orders: 1, net: '18.5' }
	]);
});

test('decimals agree with big.js', () => {
	const plain = fc
		.tuple(fc.boolean(), fc.bigInt(0n, 10n ** 11n - 1n), fc.stringMatching(/^\d{0,8}$/))
		.map(([minus, whole, part]) => `${minus ? '-' : ''}${whole}${part && `.${part}`}`);
	fc.assert(
		fc.property(plain, (value) => {
			expect(decimal(value)).toBe(new Big(value).round(4, Big.roundHalfUp).toFixed().replace(/^-0$/, '0'));
		}),
		{ numRuns: 500 }
	);
	fc.assert(
		fc.property(fc.array(plain, { maxLength: 20 }), (values) => {
			const exact = values.reduce(
				(total, value) => total.plus(new Big(value).round(4, Big.roundHalfUp)),
				new Big(0)
			);
			expect(sum(values)).toBe(exact.toFixed().replace(/^-0$/, '0'));
		}),
		{ numRuns: 200 }
	);
});

test('a local day holds exactly the instants between its ends', () => {
	const zone = fc.constantFrom(
		'UTC',
		'America/New_York',
		'Europe/London',
		'Asia/Kathmandu',
		'Pacific/Kiritimati',
		'Pacific/Pago_Pago',
		'Australia/Lord_Howe',
		'America/St_Johns'
	);
	const instant = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2030, 0, 1) });
	fc.assert(
		fc.property(zone, instant, (timeZone, ms) => {
			const at = new Date(ms).toISOString();
			const day = localDay(at, timeZone);
			expect(startOfDay(day, timeZone) <= at && at < endOfDay(day, timeZone)).toBe(true);
			expect(
				localDay(new Date(Date.parse(startOfDay(day, timeZone)) - 1).toISOString(), timeZone) < day
			).toBe(true);
		}),
		{ numRuns: 500 }
	);
	expect(
		Date.parse(endOfDay('2026-03-08', 'America/New_York')) -
			Date.parse(startOfDay('2026-03-08', 'America/New_York'))
	).toBe(23 * 3_600_000);
	expect(
		Date.parse(endOfDay('2026-11-01', 'America/New_York')) -
			Date.parse(startOfDay('2026-11-01', 'America/New_York'))
	).toBe(25 * 3_600_000);
});
