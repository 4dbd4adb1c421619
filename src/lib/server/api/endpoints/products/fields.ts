import { z } from 'zod';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { named } from '../../names.ts';
import { SAMPLE } from '../../samples.ts';
import { unitMoney } from '../../shape.ts';

const cost = z.strictObject({
	from_day: z.string().meta({ description: '1970-01-01 is "from the beginning".' }),
	unit_cost: unitMoney(),
	currency: z.string(),
	source: z.enum(['person', 'file', 'channel'])
});

const words = {
	id: z.string(),
	sku: z.string(),
	title: z.string(),
	brand: z.string().nullable(),
	category: z.string().nullable(),
	supplier: z.string().nullable()
};

export const listed = named(
	'ListedProduct',
	z.strictObject({
		...words,
		channels: z.array(z.enum(CHANNELS)).meta({ description: 'Channels that offer it.' }),
		listings: z.int(),
		components: z.int().meta({ description: 'Above 0: a bundle of so many products.' }),
		cost: cost.nullable().meta({ description: 'Today’s; of a bundle that of its components.' })
	})
);

const part = z.strictObject({
	product_id: z.string(),
	sku: z.string(),
	title: z.string(),
	quantity: z.int()
});

export const product = named(
	'Product',
	z.strictObject({
		...words,
		barcode: z.string().nullable(),
		edited: z.array(z.string()).meta({ description: 'Fields that a member wrote: syncs leave them alone.' }),
		listings: z.array(
			z.strictObject({
				id: z.string(),
				channel: z.enum(CHANNELS),
				connection_id: z.string(),
				external_id: z.string(),
				sku: z.string().nullable(),
				barcode: z.string().nullable(),
				title: z.string(),
				variant_title: z.string().nullable(),
				price: unitMoney().nullable(),
				currency: z.string().nullable(),
				status: z.string().nullable(),
				fulfilled_by: z.enum(['seller', 'channel']).nullable()
			})
		),
		costs: z.array(cost),
		components: z.array(part),
		part_of: z.array(part),
		merged_skus: z.array(z.string())
	})
);

export const sampleProduct = {
	id: SAMPLE.product,
	sku: 'MUG-BLUE',
	title: 'Mug, blue',
	brand: 'Northwind',
	category: 'Kitchen',
	supplier: null,
	barcode: '4006381333931',
	edited: [],
	listings: [
		{
			id: SAMPLE.line,
			channel: 'shopify',
			connection_id: SAMPLE.connection,
			external_id: '44012345678901',
			sku: 'MUG-BLUE',
			barcode: '4006381333931',
			title: 'Mug, blue',
			variant_title: null,
			price: 12.5,
			currency: 'USD',
			status: 'active',
			fulfilled_by: 'seller'
		}
	],
	costs: [{ from_day: '1970-01-01', unit_cost: 4.2, currency: 'USD', source: 'person' }],
	components: [],
	part_of: [],
	merged_skus: []
};
