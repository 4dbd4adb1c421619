import { orderFiltersSchema } from '#lib/contracts/orders.ts';
import { day } from '../../period.ts';

const { channels, statuses, kinds, countries, search } = orderFiltersSchema.shape;

/** What the list and the export can be narrowed by. */
export const filters = {
	from: day.optional().meta({ description: 'First day of placing, in the organization’s time zone.' }),
	to: day.optional().meta({ description: 'Last day of placing, included.' }),
	channels,
	statuses,
	kinds: kinds.meta({ description: 'Only `sale` counts in figures.' }),
	countries: countries.meta({ description: 'ISO 3166-1 alpha-2.' }),
	search: search.meta({
		description: 'Beginning of an order number, customer name, e-mail or SKU, or words of a title.'
	})
};
