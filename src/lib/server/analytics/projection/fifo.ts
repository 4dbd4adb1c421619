import type { ClickHouseClient } from '@clickhouse/client';
import type { Tx } from '../../platform/db.ts';
import { olapStore } from '../../platform/olap.ts';
import { asSystem } from '../../platform/system.ts';
import { chunks, date, rows, uuid } from './clickhouse.ts';
import { allocate, compareDemand, NO_RECEIPT, type Demand, type Layer, type Take } from './fifo-allocate.ts';
import type { Applied } from './state.ts';

/** Days whose rollups are new, and products whose receipts or components changed. */
export interface Restock {
	state: Applied;
	version: number;
	days: readonly string[];
	productIds: readonly string[] | 'all';
}

/** Owners handled at once: bounds memory to their days. */
const OWNERS_AT_ONCE = 200;
const BEGINNING = '1970-01-01';

/** How the pieces of a product stand to an owner of receipts. */
interface Source extends Pick<Demand, 'productId' | 'each' | 'base'> {
	owner: string;
}

/**
 * Takes what was sold from receipts, oldest first, where the organization's costs are first in, first out. Reads the rollups, which must
 * be built. What a change costs is bounded: only owners whose demand or receipts changed, from the first changed day on. Running it
 * twice is harmless.
 */
export async function writeFifo(
	restocks: readonly Restock[],
	lane: 'ingest' | 'rebuild' = 'ingest'
): Promise<void> {
	const work = restocks.filter(({ days, productIds }) => days.length > 0 || productIds.length > 0);
	if (work.length === 0) return;
	const methods = await asSystem(
		'outbox: read for the hub and the projection',
		({ sql }) => sql<{ organizationId: string }[]>`
		select organization_id from cost_settings where method = 'fifo' and organization_id = any(${work.map(({ state }) => state.organizationId)}::uuid[])`
	);
	const fifo = new Set(methods.map((row) => row.organizationId));
	for (const one of work)
		if (fifo.has(one.state.organizationId) || one.productIds === 'all')
			await restock(one, fifo.has(one.state.organizationId), lane);
}

async function restock(one: Restock, isFifo: boolean, lane: 'ingest' | 'rebuild'): Promise<void> {
	const store = { client: olapStore()[lane], state: one.state };
	const { organizationId } = one.state;
	const sources = isFifo
		? await asSystem('outbox: read for the hub and the projection', (tx) => readSources(tx, organizationId))
		: [];
	const since = await changedByDays(store, sources, one.days);
	for (const owner of await ownersOf(store, sources, one.productIds)) since.set(owner, BEGINNING);
	const owners = [...since].sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
	for (const part of chunks(owners, OWNERS_AT_ONCE)) {
		const ids = part.map(([owner]) => owner);
		const from = part[0]![1];
		const own = sources.filter(({ owner }) => since.has(owner) && ids.includes(owner));
		const layers = await asSystem(
			'outbox: read for the hub and the projection',
			({ sql }) => sql<(Layer & { productId: string })[]>`
			select id, product_id, received_on, quantity, unit_cost::text as unit_cost, currency from product_receipts
			where organization_id = ${organizationId} and product_id = any(${ids}::uuid[]) order by received_on, id`
		);
		const demand = await readDemand(store, own, `day >= ${date(from)}`);
		const { stored, consumed } = await readStored(store, ids, from);
		const demandOf = Map.groupBy(demand, (row) => row.owner);
		const layersOf = Map.groupBy(layers, (row) => row.productId);
		const wanted = ids.flatMap((owner) =>
			allocate(
				layersOf.get(owner) ?? [],
				consumed.get(owner) ?? 0,
				(demandOf.get(owner) ?? []).sort(compareDemand)
			).map((take): Row => ({ ...take, owner }))
		);
		await writeChanges(store, one.version, stored, wanted);
	}
}

/**
 * Who takes from whose receipts: a product with receipts from its own; a bundle of which a component has receipts counts as its
 * components instead of as itself.
 */
async function readSources({ sql }: Tx, organizationId: string): Promise<Source[]> {
	return sql<Source[]>`
		with received as (select distinct product_id from product_receipts where organization_id = ${organizationId}),
		bundles as (
			select distinct bundle_id from product_components where organization_id = ${organizationId} and component_id in (select product_id from received)
		)
		select product_id as owner, product_id, 1 as each, 0 as base from received where product_id not in (select bundle_id from bundles)
		union all
		select component_id, bundle_id, quantity, quantity from product_components
		where organization_id = ${organizationId} and bundle_id in (select bundle_id from bundles)
		union all
		select bundle_id, bundle_id, 0, -1 from bundles`;
}

interface Store {
	client: ClickHouseClient;
	state: Applied;
}
interface Owned extends Demand {
	owner: string;
}
interface Row extends Take {
	owner: string;
}

/** What the newest rollups say was sold and returned of the sources' products, once for each owner it concerns. */
async function readDemand(
	{ client, state }: Store,
	sources: readonly Source[],
	when: string
): Promise<Owned[]> {
	const byProduct = Map.groupBy(sources, ({ productId }) => productId);
	const { database } = olapStore();
	const own = `organization_id = ${uuid(state.organizationId)}`;
	const found: Owned[] = [];
	for (const ids of chunks([...byProduct.keys()], 2000)) {
		const read = await rows<
			Omit<Owned, 'owner' | 'flow' | 'pieces' | 'each' | 'base'> & { sold: string; back: string }
		>(
			client,
			`select toString(day) as day, toString(product_id) as productId, category, toString(rate_day) as rateDay, channel, currency,
				toString(sum(sold)) as sold, toString(sum(returned)) as back
			from ${database}.daily_profit
			where ${own} and ${when} and product_id in (${ids.map(uuid).join(',')})
				and (day, build) in (select day, argMax(build, (position, build)) from ${database}.cells
					where ${own} and generation = ${Number(state.generation)} and ${when} group by day)
			group by day, product_id, category, rate_day, channel, currency`
		);
		for (const { sold, back, ...key } of read)
			for (const { owner, each, base } of byProduct.get(key.productId)!) {
				if (sold !== '0') found.push({ ...key, owner, each, base, flow: 'sold', pieces: Number(sold) });
				if (back !== '0') found.push({ ...key, owner, each, base, flow: 'returned', pieces: Number(back) });
			}
	}
	return found;
}

/** Owners whose demand on these days differs from what was last written, with the first such day. */
async function changedByDays(
	store: Store,
	sources: readonly Source[],
	days: readonly string[]
): Promise<Map<string, string>> {
	const since = new Map<string, string>();
	if (sources.length === 0 || days.length === 0) return since;
	const when = `day in (${days.map(date).join(',')})`;
	const now = new Map((await readDemand(store, sources, when)).map((row) => [keyOf(row), row] as const));
	const before = await readRows(store, `${when} and receipt_id = ${uuid(NO_RECEIPT)}`);
	const differs = ({ owner, day }: { owner: string; day: string }) => {
		if (!since.has(owner) || since.get(owner)! > day) since.set(owner, day);
	};
	const known = new Map(before.map((row) => [keyOf(row), row] as const));
	for (const [key, row] of now)
		if (known.get(key)?.demand !== row.pieces || known.get(key)!.pieces !== signed(row)) differs(row);
	for (const [key, row] of known) if (!now.has(key)) differs(row);
	return since;
}

const signed = ({ flow, base, pieces }: Owned) => (flow === 'sold' ? 1 : -1) * base * pieces;

/** Owners that a change of these products concerns, now or by what was last written. */
async function ownersOf(
	{ client, state }: Store,
	sources: readonly Source[],
	productIds: readonly string[] | 'all'
): Promise<Set<string>> {
	if (productIds !== 'all' && productIds.length === 0) return new Set();
	const asked = new Set(productIds);
	const concerns = (owner: string, productId: string) =>
		productIds === 'all' || asked.has(owner) || asked.has(productId);
	// the components of a bundle come and go together
	const bundles = new Set(
		sources.filter(({ owner, productId }) => concerns(owner, productId)).map(({ productId }) => productId)
	);
	const some =
		productIds === 'all'
			? ''
			: `and (owner in (${productIds.map(uuid).join(',')}) or product_id in (${productIds.map(uuid).join(',')}))`;
	const { database } = olapStore();
	const written = await rows<{ owner: string; productId: string }>(
		client,
		`select distinct toString(owner) as owner, toString(product_id) as productId from ${database}.fifo_takes final
		where organization_id = ${uuid(state.organizationId)} and generation = ${Number(state.generation)} ${some}`
	);
	const before =
		written.length > 0 && productIds !== 'all' ? await ownersOfProducts(client, state, written) : written;
	return new Set([
		...sources.filter(({ productId }) => bundles.has(productId)).map(({ owner }) => owner),
		...before.map(({ owner }) => owner)
	]);
}

function ownersOfProducts(
	client: ClickHouseClient,
	state: Applied,
	written: readonly { productId: string }[]
) {
	const ids = [...new Set(written.map(({ productId }) => productId))];
	return rows<{ owner: string }>(
		client,
		`select distinct toString(owner) as owner from ${olapStore().database}.fifo_takes final
		where organization_id = ${uuid(state.organizationId)} and generation = ${Number(state.generation)} and product_id in (${ids.map(uuid).join(',')})`
	);
}

async function readStored(
	store: Store,
	owners: readonly string[],
	from: string
): Promise<{ stored: Row[]; consumed: Map<string, number> }> {
	const { client, state } = store;
	const own = `owner in (${owners.map(uuid).join(',')})`;
	const sums =
		from === BEGINNING
			? []
			: await rows<{ owner: string; n: string }>(
					client,
					`select toString(owner) as owner, toString(sum(taken)) as n from ${olapStore().database}.fifo_takes final
					where organization_id = ${uuid(state.organizationId)} and generation = ${Number(state.generation)} and day < ${date(from)} and ${own} group by owner`
				);
	return {
		stored: await readRows(store, `day >= ${date(from)} and ${own}`),
		consumed: new Map(sums.map((row) => [row.owner, Number(row.n)]))
	};
}

async function readRows({ client, state }: Store, which: string): Promise<Row[]> {
	const found = await rows<Record<string, string>>(
		client,
		`select toString(day) as day, toString(owner) as owner, toString(product_id) as productId, category, toString(rate_day) as rateDay, channel,
			currency, toString(flow) as flow, toString(receipt_id) as receiptId, toString(demand) as demand, toString(pieces) as pieces,
			toString(taken) as taken, toString(unit_cost) as unitCost, cost_currency as costCurrency
		from ${olapStore().database}.fifo_takes final
		where organization_id = ${uuid(state.organizationId)} and generation = ${Number(state.generation)} and ${which}`
	);
	return found.map(
		(row) =>
			({
				...row,
				demand: Number(row.demand),
				pieces: Number(row.pieces),
				taken: Number(row.taken)
			}) as unknown as Row
	);
}

/** What a take is of, without its receipt. */
const keyOf = (one: Omit<Owned, 'pieces' | 'each' | 'base'>) =>
	[one.owner, one.day, one.productId, one.rateDay, one.channel, one.currency, one.flow, one.category].join(
		' '
	);
const rowKey = (row: Row) => `${row.receiptId} ${keyOf(row)}`;
const valueOf = (row: Row) =>
	[row.demand, row.pieces, row.taken, Number(row.unitCost).toFixed(6), row.costCurrency].join(' ');

async function writeChanges(
	{ client, state }: Store,
	version: number,
	stored: readonly Row[],
	wanted: readonly Row[]
): Promise<void> {
	const known = new Map(stored.map((row) => [rowKey(row), valueOf(row)]));
	const kept = new Set(wanted.map(rowKey));
	const changes = [
		...wanted.filter((row) => known.get(rowKey(row)) !== valueOf(row)).map((row) => ({ row, deleted: 0 })),
		...stored.filter((row) => !kept.has(rowKey(row))).map((row) => ({ row, deleted: 1 }))
	];
	if (changes.length === 0) return;
	await client.insert({
		table: `${olapStore().database}.fifo_takes`,
		values: changes.map(({ row, deleted }) => ({
			organization_id: state.organizationId,
			generation: state.generation,
			day: row.day,
			owner: row.owner,
			product_id: row.productId,
			category: row.category,
			rate_day: row.rateDay,
			channel: row.channel,
			currency: row.currency,
			flow: row.flow,
			receipt_id: row.receiptId,
			version,
			deleted,
			demand: row.demand,
			pieces: row.pieces,
			taken: row.taken,
			cost_currency: row.costCurrency,
			unit_cost: row.unitCost
		})),
		format: 'JSONEachRow'
	});
}
