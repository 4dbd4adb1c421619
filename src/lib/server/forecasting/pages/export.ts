import { stringify } from 'csv-stringify/sync';
import type { z } from 'zod';
import { productForecastSchema, productListSchema } from '#lib/contracts/forecast-pages.ts';
import { dayAfter, withOverrides } from '#lib/contracts/scenarios.ts';
import { audit, require } from '../../identity/index.ts';
import type { Ctx } from '../../platform/ctx.ts';
import { inOrganization } from '../../platform/db.ts';
import { guarded } from '../../platform/csv-guard.ts';
import { NotFound } from '../../platform/errors.ts';
import { parse } from '../../platform/parse.ts';
import { activeOverrides } from '../overrides.ts';
import { listed, overridesOf, readProducts } from './products.ts';
import { productBand } from './stored.ts';

/** Rows of one piece: one short transaction each. */
const PIECE = 500;
const HEAD =
	'sku,title,category,channel,from,days,units,lo80,hi80,set_by_people,sold_before,wape,skill,notes';

const schema = productListSchema.pick({ search: true, horizon: true });

/**
 * All products with their sums over the horizon as CSV, most expected units first, in pieces as they are read. Units have one decimal,
 * `wape` and `skill` are shares.
 * @throws Forbidden without analytics.export, Invalid; both before the first piece
 */
export async function exportForecasts(ctx: Ctx, input: unknown = {}): Promise<AsyncIterable<string>> {
	require(ctx, 'analytics.read');
	require(ctx, 'analytics.export');
	const wanted = parse(schema, input);
	await inOrganization(ctx.organization.id, (tx) =>
		audit(tx, ctx, 'forecasts.exported', undefined, {
			horizon: wanted.horizon,
			searched: wanted.search !== ''
		})
	);
	return pieces(ctx, wanted);
}

async function* pieces(ctx: Ctx, wanted: z.output<typeof schema>): AsyncGenerator<string> {
	yield `${HEAD}\r\n`;
	const query = { ...wanted, sort: 'units', direction: 'desc' } as const;
	for (let offset = 0; ; offset += PIECE) {
		const { rows, set } = await inOrganization(ctx.organization.id, async (tx) => {
			const { rows } = await readProducts(tx, ctx, query, PIECE, offset);
			return { rows, set: await overridesOf(tx, ctx, rows) };
		});
		if (rows.length > 0)
			yield stringify(
				rows.map((row) => {
					const one = listed(row, wanted.horizon, set.get(row.productId!) ?? []);
					return [
						guarded(one.sku),
						guarded(one.title),
						guarded(one.category),
						one.channel ?? '',
						dayAfter(row.origin, 1),
						wanted.horizon,
						units(one.units),
						units(one.lo80),
						units(one.hi80),
						units(one.planned),
						units(one.before),
						share(one.wape),
						share(one.skill),
						one.notes.join(' ')
					];
				}),
				{ record_delimiter: 'windows' }
			);
		if (rows.length < PIECE) return;
	}
}

/**
 * The days of one product's forecast as CSV: the model's units with ranges, and what people set.
 * @throws Forbidden without analytics.export, NotFound, Invalid
 */
export async function exportProductForecast(ctx: Ctx, input: unknown): Promise<string> {
	require(ctx, 'analytics.read');
	require(ctx, 'analytics.export');
	const { productId, horizon } = parse(productForecastSchema, input);
	return inOrganization(ctx.organization.id, async (tx) => {
		const row = await productBand(tx, ctx, productId);
		if (!row) throw new NotFound('A forecast of this product');
		const set =
			row.channel === null
				? ((await activeOverrides(tx, ctx.organization.id, [productId], row.origin)).get(productId) ?? [])
				: [];
		const said = { from: dayAfter(row.origin, 1), ...row };
		const planned = withOverrides(said, set);
		await audit(tx, ctx, 'forecasts.exported', { kind: 'product', id: productId }, { horizon });
		const days = row.point.slice(0, horizon).map((point, h) => {
			const day = dayAfter(row.origin, h + 1);
			const own = set.some(({ fromDay, toDay }) => fromDay <= day && day <= toDay);
			return [
				day,
				units(point),
				units(row.lo80[h]!),
				units(row.hi80[h]!),
				units(row.lo95[h]!),
				units(row.hi95[h]!),
				own ? units(planned.point[h]!) : ''
			];
		});
		return `day,units,lo80,hi80,lo95,hi95,set_by_people\r\n${stringify(days, { record_delimiter: 'windows' })}`;
	});
}

const units = (value: number | null) => (value === null ? '' : value.toFixed(1));
const share = (value: number | null) => (value === null ? '' : value.toFixed(4));
