import Big from 'big.js';
import { countedTransactions, type ChannelTransaction } from '../finances/index.ts';
import { localDay } from '../orders/index.ts';
import type { Organization } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';

/** Sums of one channel or product; amounts as exact decimals in the organization's currency. */
export interface Recomputed {
	gross: Big;
	discounts: Big;
	refunds: Big;
	shipping: Big;
	cogs: Big;
	fees: Big;
	feesEstimated: Big;
	labels: Big;
	labelsEstimated: Big;
	other: Big;
	units: number;
	unitsWithoutCost: number;
	unitsWithoutReceipt: number;
}
type MoneyName = Exclude<keyof Recomputed, 'units' | 'unitsWithoutCost' | 'unitsWithoutReceipt'>;

const none = (): Recomputed => ({
	gross: Big(0),
	discounts: Big(0),
	refunds: Big(0),
	shipping: Big(0),
	cogs: Big(0),
	fees: Big(0),
	feesEstimated: Big(0),
	labels: Big(0),
	labelsEstimated: Big(0),
	other: Big(0),
	units: 0,
	unitsWithoutCost: 0,
	unitsWithoutReceipt: 0
});

interface Order {
	id: string;
	connectionId: string;
	externalId: string;
	channel: string;
	kind: string;
	placedAt: Date;
	currency: string;
	gross: string | null;
	shipping: string;
}
interface Line {
	id: string;
	orderId: string;
	productId: string;
	listingExternalId: string;
	sku: string | null;
	position: number;
	quantity: number;
	gross: string | null;
	discount: string;
	isGiftCard: boolean;
}
interface RefundLine {
	orderId: string;
	refundedAt: Date;
	kind: string;
	orderLineId: string | null;
	productId: string | null;
	quantity: number;
	amount: string;
	restocked: boolean;
}
type Move = ChannelTransaction & { connectionId: string; channel: string };
interface Receipt {
	productId: string;
	receivedOn: string;
	quantity: number;
	unitCost: string;
	currency: string;
}
/** Pieces of one line or returned item: negative when they came back. */
interface Pieces {
	day: string;
	rateDay: string;
	order: Order;
	productId: string;
	count: number;
}
interface Cost {
	productId: string;
	fromDay: string;
	unitCost: string;
	currency: string;
}

/**
 * Profit from PostgreSQL's rows alone, order by order in plain TypeScript: nothing is shared with the projection's SQL or the
 * questions. Keys of `products` are product ids, '' for none.
 */
export async function recomputedProfit(
	organization: Organization,
	{ from, to }: { from: string; to: string }
): Promise<{
	total: Recomputed;
	channels: Map<string, Recomputed>;
	products: Map<string, Recomputed>;
	unconverted: Set<string>;
}> {
	const stored = await inOrganization(organization.id, async ({ sql }) => ({
		orders: await sql<Order[]>`select * from orders`,
		lines: await sql<
			Line[]
		>`select l.*, i.external_id as listing_external_id from order_lines l join listings i on i.id = l.listing_id order by position`,
		refunds: await sql<
			RefundLine[]
		>`select f.*, r.refunded_at from refund_lines f join refunds r on r.id = f.refund_id`,
		moves: await sql<
			Move[]
		>`select t.*, c.channel from channel_transactions t join connections c on c.id = t.connection_id`,
		costs: await sql<Cost[]>`select * from product_costs order by from_day`,
		receipts: await sql<Receipt[]>`select * from product_receipts order by received_on, id`,
		methods: await sql<{ method: string }[]>`select method from cost_settings`,
		components: await sql<
			{ bundleId: string; componentId: string; quantity: number }[]
		>`select * from product_components`,
		listings: await sql<
			{ connectionId: string; sku: string | null; externalId: string; productId: string }[]
		>`select * from listings order by id`,
		rates: await sql<
			{ currency: string; day: string; rate: string }[]
		>`select * from exchange_rates where base = ${organization.currency} order by day`
	}));
	const dayOf = (at: Date | string) => localDay(new Date(at).toISOString(), organization.timeZone);
	const rateOn = (currency: string, day: string): Big | null => {
		if (currency === organization.currency) return Big(1);
		const row = stored.rates.findLast((one) => one.currency === currency && one.day <= day);
		return row ? Big(row.rate) : null;
	};
	const fifo = stored.methods[0]?.method === 'fifo';
	const averaged = (productId: string, day: string): Omit<Cost, 'fromDay'> | null => {
		const received = fifo
			? []
			: stored.receipts.filter((one) => one.productId === productId && one.receivedOn <= day);
		const newest = received.at(-1);
		if (!newest) return null;
		const alike = received.filter(({ currency }) => currency === newest.currency);
		const pieces = alike.reduce((sum, { quantity }) => sum + quantity, 0);
		const paid = alike.reduce(
			(sum, { quantity, unitCost }) => sum.plus(Big(unitCost).times(quantity)),
			Big(0)
		);
		return { productId, unitCost: paid.div(pieces).toFixed(6, Big.roundHalfUp), currency: newest.currency };
	};
	const ownCost = (productId: string, day: string) =>
		averaged(productId, day) ??
		stored.costs.findLast((one) => one.productId === productId && one.fromDay <= day);
	const costDays = [
		...stored.costs.map(({ productId, fromDay }) => ({ productId, day: fromDay })),
		...(fifo ? [] : stored.receipts.map(({ productId, receivedOn }) => ({ productId, day: receivedOn })))
	];
	const costOn = (productId: string, day: string): { amount: Big; currency: string } | null => {
		const parts = stored.components.filter((one) => one.bundleId === productId);
		if (parts.length === 0) {
			const cost = ownCost(productId, day);
			return cost ? { amount: Big(cost.unitCost), currency: cost.currency } : null;
		}
		// the last day on which all components had costs in one currency
		const days = costDays
			.filter((c) => parts.some((p) => p.componentId === c.productId) && c.day <= day)
			.map((c) => c.day);
		for (const at of [...new Set(days)].sort().reverse()) {
			const costs = parts.map((part) => ({ part, cost: ownCost(part.componentId, at) }));
			if (costs.some(({ cost }) => !cost) || new Set(costs.map(({ cost }) => cost!.currency)).size > 1)
				continue;
			return {
				amount: costs.reduce(
					(sum, { part, cost }) => sum.plus(Big(cost!.unitCost).times(part.quantity)),
					Big(0)
				),
				currency: costs[0]!.cost!.currency
			};
		}
		return null;
	};

	const total = none();
	const channels = new Map<string, Recomputed>();
	const products = new Map<string, Recomputed>();
	const unconverted = new Set<string>();
	const into = (channel: string, productId: string) =>
		[
			total,
			channels.get(channel) ?? channels.set(channel, none()).get(channel)!,
			products.get(productId) ?? products.set(productId, none()).get(productId)!
		] as const;
	const book = (
		day: string,
		rateDay: string,
		channel: string,
		productId: string,
		name: MoneyName,
		amount: Big,
		currency: string
	) => {
		if (day < from || day > to || amount.eq(0)) return;
		const rate = rateOn(currency, rateDay);
		if (rate === null) return void unconverted.add(currency);
		for (const sums of into(channel, productId)) sums[name] = sums[name].plus(amount.times(rate));
	};
	const moved: Pieces[] = [];
	const bookPieces = (day: string, rateDay: string, order: Order, productId: string, count: number) => {
		if (count !== 0) moved.push({ day, rateDay, order, productId, count });
	};

	/** What is left of each product's receipts, piece by piece, and what was taken, the last on top. */
	const shelves = new Map<string, { left: Receipt[]; taken: Receipt[] }>();
	for (const receipt of stored.receipts) {
		const shelf = shelves.get(receipt.productId) ?? { left: [], taken: [] };
		shelves.set(receipt.productId, shelf);
		for (let piece = 0; piece < receipt.quantity; piece++) shelf.left.push(receipt);
	}
	const fromShelf = (productId: string, day: string): Receipt | null => {
		const shelf = shelves.get(productId);
		if (!fifo || !shelf?.left[0] || shelf.left[0].receivedOn > day) return null;
		const piece = shelf.left.shift()!;
		shelf.taken.push(piece);
		return piece;
	};
	const backToShelf = (productId: string): Receipt | null => {
		const shelf = shelves.get(productId);
		const piece = fifo ? shelf?.taken.pop() : undefined;
		if (piece) shelf!.left.unshift(piece);
		return piece ?? null;
	};
	const costOfPieces = () => {
		const place = ({ day, count, order, productId, rateDay }: Pieces) =>
			[day, count > 0 ? 0 : 1, order.channel, order.currency, productId, rateDay].join(' ');
		for (const { day, rateDay, order, productId, count } of moved.sort((a, b) =>
			place(a) < place(b) ? -1 : 1
		)) {
			const sold = count > 0;
			const parts = stored.components.filter((one) => one.bundleId === productId);
			const opened = fifo && parts.some(({ componentId }) => shelves.has(componentId));
			const held = opened ? parts : [{ componentId: productId, quantity: 1 }];
			const counts = day >= from && day <= to;
			const sums = counts ? into(order.channel, productId) : [];
			if (sold) for (const one of sums) one.units += count;
			for (const { componentId, quantity } of held)
				for (let piece = 0; piece < Math.abs(count) * quantity; piece++) {
					const receipt = sold ? fromShelf(componentId, day) : backToShelf(componentId);
					const told = receipt
						? { amount: Big(receipt.unitCost), currency: receipt.currency }
						: costOn(componentId, rateDay);
					const rate = told && rateOn(told.currency, rateDay);
					for (const one of sums) {
						if (sold && !told) one.unitsWithoutCost++;
						if (sold && fifo && !receipt) one.unitsWithoutReceipt++;
						if (told && rate && rateOn(order.currency, rateDay))
							one.cogs = one.cogs.plus(told.amount.times(sold ? 1 : -1).times(rate));
					}
				}
		}
	};

	/** An amount of the whole order by product, in the ratio of their prices after discounts. */
	const spread = (order: Order, amount: Big): [string, Big][] => {
		const held = new Map<string, { price: Big; pieces: number }>();
		for (const line of stored.lines.filter((one) => one.orderId === order.id && !one.isGiftCard)) {
			const entry = held.get(line.productId) ?? { price: Big(0), pieces: 0 };
			const price = Big(line.gross ?? 0).minus(line.discount);
			held.set(line.productId, {
				price: price.gt(0) ? entry.price.plus(price) : entry.price,
				pieces: entry.pieces + Math.max(0, line.quantity)
			});
		}
		const rows = [...held].sort(([a], [b]) => (a < b ? -1 : 1));
		if (rows.length === 0) return [['', amount]];
		const anyPrice = rows.some(([, { price }]) => price.gt(0));
		const anyPieces = rows.some(([, { pieces }]) => pieces > 0);
		const weights = rows.map(([, { price, pieces }]) => (anyPrice ? price : Big(anyPieces ? pieces : 1)));
		const all = weights.reduce((sum, one) => sum.plus(one), Big(0));
		let running = Big(0);
		let given = Big(0);
		return rows.map(([productId], index) => {
			running = running.plus(weights[index]!);
			const upTo = amount.times(running).div(all).round(4, Big.roundHalfUp);
			const share = upTo.minus(given);
			given = upTo;
			return [productId, share];
		});
	};
	const bookWhole = (order: Order, day: string, name: MoneyName, amount: Big, currency = order.currency) => {
		for (const [productId, share] of spread(order, amount))
			book(day, dayOf(order.placedAt), order.channel, productId, name, share, currency);
	};

	for (const order of stored.orders) {
		const sold = dayOf(order.placedAt);
		const lines = stored.lines.filter((line) => line.orderId === order.id);
		if (order.kind === 'sale' && order.gross !== null) {
			for (const line of lines.filter((one) => !one.isGiftCard)) {
				book(sold, sold, order.channel, line.productId, 'gross', Big(line.gross ?? 0), order.currency);
				book(sold, sold, order.channel, line.productId, 'discounts', Big(line.discount), order.currency);
				bookPieces(sold, sold, order, line.productId, line.quantity);
			}
			bookWhole(order, sold, 'shipping', Big(order.shipping));
		}
		if (order.kind !== 'sale' && order.kind !== 'refund_only') continue;
		for (const refund of stored.refunds.filter((one) => one.orderId === order.id)) {
			const day = dayOf(refund.refundedAt);
			const line = lines.find((one) => one.id === refund.orderLineId);
			if (refund.kind === 'item' && line?.isGiftCard) continue;
			const productId = refund.productId ?? line?.productId ?? '';
			if (refund.kind === 'shipping') bookWhole(order, day, 'shipping', Big(refund.amount).times(-1));
			else book(day, sold, order.channel, productId, 'refunds', Big(refund.amount), order.currency);
			if (refund.kind !== 'item' || !refund.restocked || !productId) continue;
			if (order.gross !== null || order.kind === 'refund_only')
				bookPieces(day, sold, order, productId, -refund.quantity);
		}
	}

	costOfPieces();

	const wholes = new Map<
		string,
		{ order: Order; day: string; name: MoneyName; currency: string; amount: Big }
	>();
	const perConnection = Map.groupBy(stored.moves, (one) => one.connectionId);
	for (const move of [...perConnection.values()].flatMap((own) => countedTransactions(own))) {
		const estimated = move.state === 'estimated';
		const part = partOf(move.kind, estimated);
		if (!part) continue;
		const { name, sign } = part;
		const order = stored.orders.find(
			(one) => one.connectionId === move.connectionId && one.externalId === move.orderExternalId
		);
		const amount = Big(move.amount).times(sign);
		const posted = dayOf(move.postedAt);
		if (!order) {
			const listing = stored.listings.find(
				(one) =>
					one.connectionId === move.connectionId &&
					((move.sku !== null && one.sku === move.sku) || one.externalId === move.listingExternalId)
			);
			book(posted, posted, move.channel, listing?.productId ?? '', name, amount, move.currency);
			continue;
		}
		if (order.kind === 'test' || (estimated && order.kind === 'cancelled')) continue;
		const day = move.kind === 'fee' || move.kind === 'shipping_label' ? dayOf(order.placedAt) : posted;
		const own = stored.lines.filter((line) => line.orderId === order.id);
		const line =
			own.find((one) => move.sku !== null && one.sku === move.sku) ??
			own.find((one) => one.listingExternalId === move.listingExternalId);
		if (line) {
			book(day, dayOf(order.placedAt), order.channel, line.productId, name, amount, move.currency);
			continue;
		}
		const key = [order.id, day, name, move.currency].join(' ');
		const whole = wholes.get(key) ?? { order, day, name, currency: move.currency, amount: Big(0) };
		wholes.set(key, { ...whole, amount: whole.amount.plus(amount) });
	}
	for (const { order, day, name, amount, currency } of wholes.values())
		bookWhole(order, day, name, amount, currency);
	return { total, channels, products, unconverted };
}

function partOf(kind: string, estimated: boolean): { name: MoneyName; sign: number } | null {
	switch (kind) {
		case 'fee':
		case 'refund_fee':
			return { name: estimated ? 'feesEstimated' : 'fees', sign: -1 };
		case 'shipping_label':
			return { name: estimated ? 'labelsEstimated' : 'labels', sign: -1 };
		case 'adjustment':
		case 'other':
			return { name: 'other', sign: 1 };
		default:
			return null;
	}
}
