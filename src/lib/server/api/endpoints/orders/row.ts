import { z } from 'zod';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { named } from '../../names.ts';
import { SAMPLE } from '../../samples.ts';
import { money } from '../../shape.ts';

/** A row of the list, and what stream/orders sends. */
export const orderRow = named(
	'OrderRow',
	z.strictObject({
		id: z.string(),
		name: z.string().meta({ description: 'The channel’s order number.' }),
		channel: z.enum(CHANNELS),
		kind: z.string(),
		status: z.string(),
		placed_at: z.string(),
		summary: z.string(),
		units: z.int(),
		currency: z.string().meta({ description: 'Of the shop.' }),
		total: money('What the buyer paid. Null while the channel has not told a price.').nullable(),
		net: money('gross - discounts - refunds.').nullable(),
		city: z.string().nullable(),
		region: z.string().nullable(),
		country: z.string().nullable()
	})
);

export const sampleRow = {
	id: SAMPLE.order,
	name: '#1001',
	channel: 'shopify',
	kind: 'sale',
	status: 'paid',
	placed_at: '2026-11-20T10:00:00.000Z',
	summary: 'Mug, blue',
	units: 1,
	currency: 'USD',
	total: 12.5,
	net: 12.5,
	city: 'Portland',
	region: 'OR',
	country: 'US'
};
