import { z } from 'zod';
import { GRANULARITIES } from '#lib/contracts/analytics.ts';
import { CHANNELS } from '#lib/contracts/channels.ts';

/** What an answer about figures says of itself. */
export const asOf = {
	as_of: z.string(),
	position: z.int().meta({ description: 'Events up to this one are in the figures.' }),
	currency: z.string()
};

export const percent = () => z.number().meta({ description: 'Percent.' }).nullable();

export const channel = z.enum(CHANNELS);

export const by = z
	.enum(GRANULARITIES)
	.default('day')
	.meta({ description: 'Coarser where the range is too long for it.' });
