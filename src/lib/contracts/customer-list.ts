import type { Channel } from './channels.ts';
import { schema, z } from './zod.ts';
import { acquired } from './acquired.ts';
import type { Unidentified } from './customer-gaps.ts';
import { SEGMENTS, type RfmScores } from './customer-segments.ts';

/** The list of customers. `search`: beginning of a name, a family name or an e-mail address. */
export const customerListSchema = schema(() =>
	z.strictObject({
		search: z.string().trim().max(100).default(''),
		segments: z.array(z.enum(SEGMENTS)).max(SEGMENTS.length).default([]),
		channels: acquired,
		sort: z.enum(['spent', 'orders', 'last', 'first']).default('spent'),
		page: z.coerce.number().int().min(1).max(10_000).default(1)
	})
);
export type CustomerListQuery = z.input<typeof customerListSchema>;

export const CUSTOMERS_A_PAGE = 50;

export interface ListedCustomer extends RfmScores {
	id: string;
	/** Null where the channel tells none, or it was erased. */
	name: string | null;
	email: string | null;
	country: string | null;
	channels: Channel[];
	orders: number;
	/** Net sales over all time. */
	net: string;
	firstDay: string;
	lastDay: string;
}

export interface CustomerPage {
	position: number;
	asOf: string;
	currency: string;
	customers: ListedCustomer[];
	count: number;
	page: number;
	pageSize: number;
	/** The search found more people than it looks at; a longer word finds the rest. */
	searchCut: boolean;
	unidentified: Unidentified;
}
