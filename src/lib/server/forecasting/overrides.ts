import { z } from 'zod';
import { overrideSchema, type OverrideView } from '#lib/contracts/forecasts.ts';
import { dayAfter, daysFrom, expectedOver } from '#lib/contracts/scenarios.ts';
import { lockProducts } from '../catalog/index.ts';
import { audit, require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization, type Tx } from '../platform/db.ts';
import { Conflict, Forbidden, Invalid, NotFound } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parse } from '../platform/parse.ts';
import { bandOf, productBand, type StoredBand } from './pages/stored.ts';

const undoSchema = z.strictObject({ id: z.uuid() });
/** Days ahead of the forecast that a person may speak of. */
const REACH = 90;

/**
 * Puts a person's figure beside the model's for some days ahead; `units` is their sum. Figures that already hold on one of these days are
 * replaced, and come back when this one is undone.
 * @throws Forbidden without forecasts.manage or for a member who sees only a part of the shop's channels, NotFound, Invalid
 */
export async function setOverride(ctx: Ctx, input: unknown): Promise<string> {
	requireWhole(ctx);
	const wanted = parse(overrideSchema, input);
	const organizationId = ctx.organization.id;
	const id = newId();
	await inOrganization(organizationId, async (tx) => {
		await lockProducts(tx, ctx, [wanted.productId]);
		const row = await productBand(tx, ctx, wanted.productId);
		if (!row) throw new NotFound('A forecast of this product');
		const said = bandOf(row);
		if (wanted.fromDay < said.from)
			throw new Invalid({ fromDay: `Only days ahead can be set: ${said.from} is the first.` });
		if (daysFrom(said.from, wanted.toDay) > REACH)
			throw new Invalid({ toDay: `Days up to ${dayAfter(said.from, REACH - 1)} can be set.` });
		await tx.sql`
			update forecast_overrides set replaced_by = ${id}
			where organization_id = ${organizationId} and product_id = ${wanted.productId} and undone_at is null and replaced_by is null
				and from_day <= ${wanted.toDay} and to_day >= ${wanted.fromDay}`;
		await tx.sql`
			insert into forecast_overrides (id, organization_id, product_id, from_day, to_day, units, model_units, reason, set_by)
			values (${id}, ${organizationId}, ${wanted.productId}, ${wanted.fromDay}, ${wanted.toDay}, ${wanted.units},
				${expectedOver(said, wanted.fromDay, wanted.toDay)}, ${wanted.reason}, ${personOf(ctx)})`;
		await audit(
			tx,
			ctx,
			'forecast.overridden',
			{ kind: 'product', id: wanted.productId },
			{
				override: id,
				fromDay: wanted.fromDay,
				toDay: wanted.toDay,
				units: wanted.units
			}
		);
	});
	return id;
}

/**
 * Takes a person's figure back; the history keeps it. What it had replaced holds again, where nothing newer took its days.
 * @throws Forbidden without forecasts.manage, NotFound, Conflict when it does not hold any more, Invalid
 */
export async function undoOverride(ctx: Ctx, input: unknown): Promise<void> {
	requireWhole(ctx);
	const { id } = parse(undoSchema, input);
	const organizationId = ctx.organization.id;
	await inOrganization(organizationId, async (tx) => {
		const { sql } = tx;
		const [row] = await sql<{ productId: string; holds: boolean }[]>`
			select product_id, undone_at is null and replaced_by is null as holds from forecast_overrides
			where organization_id = ${organizationId} and id = ${id} for update`;
		if (!row) throw new NotFound('This figure');
		await lockProducts(tx, ctx, [row.productId]);
		if (!row.holds)
			throw new Conflict('This figure does not hold any more: it was replaced or taken back before.');
		await sql`update forecast_overrides set undone_at = now(), undone_by = ${personOf(ctx)} where organization_id = ${organizationId} and id = ${id}`;
		await sql`
			update forecast_overrides o set replaced_by = null
			where o.organization_id = ${organizationId} and o.replaced_by = ${id} and o.undone_at is null and not exists (
				select 1 from forecast_overrides newer where newer.organization_id = ${organizationId} and newer.product_id = o.product_id and newer.id <> o.id
					and newer.undone_at is null and newer.replaced_by is null and newer.from_day <= o.to_day and newer.to_day >= o.from_day)`;
		await audit(
			tx,
			ctx,
			'forecast.override_undone',
			{ kind: 'product', id: row.productId },
			{ override: id }
		);
	});
}

interface Row {
	id: string;
	fromDay: string;
	toDay: string;
	units: number;
	modelUnits: number | null;
	reason: string;
	by: string | null;
	createdAt: Date;
	replacedBy: string | null;
	undoneAt: Date | null;
	undoneBy: string | null;
}

/** How many of the history are shown. */
const HISTORY = 100;

/**
 * What people set for a product, newest first, with what was sold once the days are over.
 * @throws Forbidden without analytics.read, NotFound, Invalid
 */
export async function productOverrides(ctx: Ctx, productId: string): Promise<OverrideView[]> {
	require(ctx, 'analytics.read');
	const id = parse(z.uuid({ error: 'Choose a product.' }), productId);
	return inOrganization(ctx.organization.id, async (tx) => {
		const current = await productBand(tx, ctx, id);
		// whoever sees one channel of it is not shown figures for all channels
		if (!current || current.channel !== null) return [];
		const rows = await tx.sql<Row[]>`
			select o.id, o.from_day, o.to_day, o.units, o.model_units, o.reason, s.name as by, o.created_at, o.replaced_by, o.undone_at, u.name as undone_by
			from forecast_overrides o left join users s on s.id = o.set_by left join users u on u.id = o.undone_by
			where o.organization_id = ${ctx.organization.id} and o.product_id = ${id}
			order by o.created_at desc, o.id desc limit ${HISTORY}`;
		return rows.map((row) => ({
			id: row.id,
			fromDay: row.fromDay,
			toDay: row.toDay,
			units: row.units,
			modelUnits: row.modelUnits,
			reason: row.reason,
			by: row.by,
			at: row.createdAt.toISOString(),
			state: row.undoneAt ? 'undone' : row.replacedBy ? 'replaced' : 'active',
			endedBy: row.undoneBy,
			endedAt: row.undoneAt?.toISOString() ?? null,
			sold: soldOver(current, row.fromDay, row.toDay)
		}));
	});
}

/** A figure that holds, without its story. */
export interface ActiveOverride {
	productId: string;
	fromDay: string;
	toDay: string;
	units: number;
}

/** The figures that hold on days from `day` on, by product. */
export async function activeOverrides(
	{ sql }: Tx,
	organizationId: string,
	productIds: readonly string[],
	day: string
): Promise<Map<string, ActiveOverride[]>> {
	const rows = await sql<ActiveOverride[]>`
		select product_id, from_day, to_day, units from forecast_overrides
		where organization_id = ${organizationId} and product_id = any(${[...productIds]}::uuid[]) and undone_at is null and replaced_by is null and to_day >= ${day}
		order by from_day`;
	return Map.groupBy(rows, (row) => row.productId);
}

/** Units sold on all of the days; null while one is still to come, is unknown or lies before what is kept. */
function soldOver({ origin, sold }: StoredBand, fromDay: string, toDay: string): number | null {
	if (toDay > origin) return null;
	const first = sold.length - daysFrom(fromDay, origin);
	const days = sold.slice(Math.max(0, first), sold.length - daysFrom(toDay, origin) + 1);
	if (first < 0 || days.some((value) => value === null)) return null;
	return days.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** A figure is for all channels of a product: only who sees them all may say one. */
function requireWhole(ctx: Ctx): void {
	require(ctx, 'forecasts.manage');
	if (ctx.scope?.channels)
		throw new Forbidden(
			'A figure counts for all channels, and you see only some. Ask a member who sees them all.'
		);
}

function personOf({ actor }: Ctx): string | null {
	return actor.kind === 'member' || actor.kind === 'api_key' ? actor.userId : null;
}
