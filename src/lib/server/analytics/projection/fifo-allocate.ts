/** Goods received, in the order in which they are taken: by day, then id. `unitCost` is a decimal string. */
export interface Layer {
	id: string;
	receivedOn: string;
	quantity: number;
	unitCost: string;
	currency: string;
}

/** Pieces of a product that one day, channel and currency sold or got back. */
export interface Demand {
	day: string;
	productId: string;
	category: string;
	/** The order's day. */
	rateDay: string;
	channel: string;
	currency: string;
	flow: 'sold' | 'returned';
	pieces: number;
	/** Pieces of the owner of the layers in one piece of the product; 0 takes none. */
	each: number;
	/** Pieces at period cost that one piece adds, besides those it has by itself: a bundle's components instead of the bundle. */
	base: number;
}

/** What a demand takes of one receipt, or with the zero id how else its pieces count. */
export interface Take extends Omit<Demand, 'pieces' | 'each' | 'base'> {
	receiptId: string;
	demand: number;
	/** Change of the pieces that cost what the period says. */
	pieces: number;
	/** Pieces at `unitCost`; negative when given back. */
	taken: number;
	unitCost: string;
	costCurrency: string;
}

export const NO_RECEIPT = '00000000-0000-0000-0000-000000000000';

/** The order of demand: by day, sales before returns; within those by channel, currency, product. */
export function compareDemand(a: Demand, b: Demand): number {
	return order(a) < order(b) ? -1 : 1;
}
const order = (one: Demand) =>
	[
		one.day,
		one.flow === 'sold' ? 0 : 1,
		one.channel,
		one.currency,
		one.productId,
		one.rateDay,
		one.category
	].join(' ');

/**
 * First in, first out for the layers of one owner. A sold piece takes the oldest one received by its day; when none is left it takes
 * none. A returned piece goes back to the layer last taken from, at that layer's cost; when nothing is taken it goes to none.
 * @param consumed pieces taken, net, on the days before the first demand
 * @param demand sorted by `compareDemand`
 */
export function allocate(layers: readonly Layer[], consumed: number, demand: readonly Demand[]): Take[] {
	const ends: number[] = [];
	for (const layer of layers) ends.push((ends.at(-1) ?? 0) + layer.quantity);
	const takes: Take[] = [];
	let arrived = 0;
	let at = 0;
	for (const one of demand) {
		while (arrived < layers.length && layers[arrived]!.receivedOn <= one.day) arrived++;
		const sold = one.flow === 'sold';
		const { pieces, each, base, ...key } = one;
		const sign = sold ? 1 : -1;
		const write = (layer: Layer | null, count: number) =>
			takes.push({
				...key,
				receiptId: layer?.id ?? NO_RECEIPT,
				demand: pieces,
				pieces: sign * (layer ? -count : count),
				taken: layer ? sign * count : 0,
				unitCost: layer?.unitCost ?? '0',
				costCurrency: layer?.currency ?? ''
			});
		write(null, base * pieces);
		let left = Math.max(0, each * pieces);
		while (left > 0) {
			// the layer that the next piece comes from, or that the last one came from
			while (at < arrived && ends[at]! <= consumed) at++;
			while (at > 0 && (sold ? ends[at - 1]! > consumed : ends[at - 1]! >= consumed)) at--;
			const layer = layers[at];
			const count = sold
				? at < arrived
					? Math.min(left, ends[at]! - consumed)
					: 0
				: Math.min(left, consumed - (ends[at - 1] ?? 0));
			if (!layer || count <= 0) break;
			write(layer, count);
			consumed += sign * count;
			left -= count;
		}
	}
	return takes;
}
