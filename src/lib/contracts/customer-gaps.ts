import type { Channel } from './channels.ts';

/** Orders that lead to no customer: in no figure about customers. */
export interface Unidentified {
	/** All counted orders of the range. */
	orders: number;
	/** Of them without a buyer we could know again. */
	unidentified: number;
	byChannel: { channel: Channel; orders: number; unidentified: number }[];
}

/** Money that waits for an exchange rate; in no sum. */
export interface CustomersUnconverted {
	currency: string;
	net: string;
}
