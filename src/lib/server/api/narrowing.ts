import { z } from 'zod';
import { CHANNELS } from '#lib/contracts/channels.ts';
import { sentOnceEach } from './input.ts';

/** What lists and figures are narrowed to: empty means all. */
export const narrowingQuery = {
	channels: z.array(z.enum(CHANNELS)).max(CHANNELS.length).default([]),
	categories: sentOnceEach(
		z
			.array(z.string().max(200))
			.max(50)
			.default([])
			.meta({ description: 'Send it once for each: a category may hold commas.' })
	)
};

/** What products are looked for by, in lists of products and of their stock. */
export const searchQuery = z
	.string()
	.trim()
	.max(100)
	.default('')
	.meta({ description: 'Part of a title, or the beginning of a SKU or GTIN.' });
