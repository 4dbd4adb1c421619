import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeConnection } from '../../../../tests/factories/connection.ts';
import { makeOrder } from '../../../../tests/factories/order.ts';
import { makeAnalyticsShop } from '../../../../tests/factories/olap.ts';
import { Invalid } from '../platform/errors.ts';
import { secretKey, settings, useRunning } from '../platform/running.ts';
import { asSystem } from '../platform/system.ts';
import { fetchRates, listRates, profit, setRate } from './index.ts';
import { readRatesFile } from './rates-file.ts';

const fileOf = (days: Record<string, Record<string, string>>) => `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
	<gesmes:subject>Reference rates</gesmes:subject>
	<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
	<Cube>${Object.entries(days)
		.map(
			([day, rates]) =>
				`<Cube time='${day}'>${Object.entries(rates)
					.map(([currency, rate]) => `<Cube currency='${currency}' rate='${rate}'/>`)
					.join('')}</Cube>`
		)
		.join('')}</Cube>
</gesmes:Envelope>`;

const asked: string[] = [];
const files: Record<string, string> = {};
let server: Server;
beforeAll(async () => {
	server = createServer((request, response) => {
		asked.push(request.url!);
		const file = files[request.url!];
		response.writeHead(file ? 200 : 404).end(file);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as { port: number };
	useRunning({ secretKey: secretKey(), settings: { ...settings(), FX_API_URL: `http://127.0.0.1:${port}` } });
});
afterAll(() => server.close());

test('the file of one day and of many; what is no rate is left out, what is no such file is refused', () => {
	expect(readRatesFile(fileOf({ '2026-11-20': { USD: '1.0873', JPY: '161.2', XXX: 'N/A' } }))).toEqual({
		rates: [
			{ currency: 'USD', day: '2026-11-20', perEuro: '1.0873' },
			{ currency: 'JPY', day: '2026-11-20', perEuro: '161.2' }
		],
		leftOut: 1
	});
	expect(
		readRatesFile(fileOf({ '2026-11-20': { USD: '1.1' }, '2026-11-19': { USD: '1.2' } })).rates
	).toHaveLength(2);
	expect(() => readRatesFile('<html><body>Sorry</body></html>')).toThrow('no file of reference rates');
	expect(() => readRatesFile(fileOf({ yesterday: { USD: '1.1' } }))).toThrow('no date');
});

test('the first time all of history, then the day; the rate of the order’s day converts, by hand goes first', async () => {
	const shop = await makeAnalyticsShop();
	await makeConnection(shop.organization.id, { currency: 'GBP' });
	files['/eurofxref-hist.xml'] = fileOf({
		'2026-11-20': { USD: '1.2', GBP: '0.8' },
		'2026-11-18': { USD: '1.1', GBP: '0.88' },
		'1999-01-04': { USD: '1.17' }
	});
	files['/eurofxref-daily.xml'] = fileOf({ '2026-11-23': { USD: '1.3', GBP: '0.65' } });
	expect(await fetchRates(new Date('2026-11-21T03:00:00Z'))).toBe(4);
	expect(await fetchRates(new Date('2026-11-23T17:00:00Z'))).toBe(2);
	expect(await fetchRates(new Date('2026-11-23T18:00:00Z'))).toBe(0);
	expect(asked).toEqual(['/eurofxref-hist.xml', '/eurofxref-daily.xml', '/eurofxref-daily.xml']);

	const sold = (externalId: string, day: string, currency: string) =>
		makeOrder({ externalId, name: `#${externalId}`, placedAt: `${day}T12:00:00Z`, currency });
	await shop.save([
		sold('1', '2026-11-17', 'GBP'),
		sold('2', '2026-11-19', 'GBP'),
		sold('3', '2026-11-20', 'GBP'),
		sold('4', '2026-11-20', 'EUR'),
		sold('5', '2026-11-20', 'CHF')
	]);
	await shop.project();
	const view = () =>
		profit(
			shop.ctx(),
			{ range: { from: '2026-11-01', to: '2026-11-30' }, by: 'day', channels: [], categories: [] },
			new Date('2026-11-24T00:00:00Z')
		);
	// 10 x (1.1 / 0.88) + 10 x (1.2 / 0.8) + 10 x 1.2; before the first rate, and without one, in its own currency
	const before = await view();
	expect(before.totals.gross).toBe('39.5');
	expect(before.unconverted.map((row) => [row.currency, row.net])).toEqual([
		['CHF', '10'],
		['GBP', '10']
	]);
	expect(before.rates).toMatchObject([
		{ currency: 'EUR', source: 'provider', day: '2026-11-23' },
		{ currency: 'GBP', rate: '2.0000000000' }
	]);
	await expect(setRate(shop.ctx(), { currency: 'XXQ', day: '2026-11-20', rate: '2' })).rejects.toThrow(
		'currency code'
	);
	await setRate(shop.ctx(), { currency: 'GBP', day: '2026-11-20', rate: '2' });
	await setRate(shop.ctx(), { currency: 'CHF', day: '2026-01-01', rate: '1,5' });
	await shop.project();
	const after = await view();
	expect(after.totals.gross).toBe('59.5');
	expect(after.unconverted.map((row) => row.currency)).toEqual(['GBP']);
	expect((await shop.view({ range: { from: '2026-11-01', to: '2026-11-20' } })).totals.gross).toBe('59.5');

	expect(await listRates(shop.ctx(), new Date('2026-11-24T00:00:00Z'))).toEqual({
		base: 'USD',
		own: [
			{ currency: 'CHF', day: '2026-01-01', rate: '1.5' },
			{ currency: 'GBP', day: '2026-11-20', rate: '2' }
		],
		current: [
			{ currency: 'CHF', rate: '1.5000000000', day: '2026-01-01', source: 'manual' },
			{ currency: 'GBP', rate: '2.0000000000', day: '2026-11-23', source: 'provider' }
		],
		provider: { enabled: true, first: '2026-11-18', last: '2026-11-23' }
	});
	await expect(setRate(shop.ctx(), { currency: 'USD', day: '2026-01-01', rate: '1' })).rejects.toThrow(
		Invalid
	);
});

test('nobody but the system role writes what the provider published', async () => {
	const { app } = (await import('../platform/db.ts')).database();
	await expect(app`delete from reference_rates`).rejects.toThrow('permission denied');
	const rows = await asSystem(
		'rates: write what the provider published',
		({ sql }) => sql`select 1 from reference_rates`
	);
	expect(rows.length).toBeGreaterThan(0);
});
