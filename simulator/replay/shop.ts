import type { Options } from '../options.ts';
import type { Change, Order, Shop } from '../world/model.ts';

export interface Replay {
	shop: Shop;
	/** Orders still to come, when the file is replayed live. */
	upcoming: Order[];
}
export async function replayShop(_file: string, _options: Options): Promise<Replay> {
	throw new Error('not yet');
}
export type { Change };
