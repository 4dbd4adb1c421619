import { z } from 'zod';
import { Invalid } from '../platform/errors.ts';

/** Query of a paged list. */
export const paging = {
	cursor: z
		.string()
		.max(300)
		.optional()
		.meta({ description: '`next_cursor` of the answer before. Left out: the first page.' }),
	limit: z.int().min(1).max(200).default(50).meta({ description: 'Entries of a page.' })
};

/** The answer of a paged list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
	return z.strictObject({
		data: z.array(item),
		next_cursor: z
			.string()
			.nullable()
			.meta({ description: 'What to send as `cursor` for the next page; null on the last one.' })
	});
}

const place = z.strictObject({
	page: z.int().min(2).max(10_000),
	limit: z.int().min(1).max(200),
	order: z.string().max(100)
});

/** Where a numbered list goes on, as opaque text; `order` is what the list is sorted by. */
export function writePage(page: number, limit: number, order = ''): string {
	return Buffer.from(JSON.stringify({ page, limit, order })).toString('base64url');
}

/** Reads `writePage`'s text; 1 without one. @throws Invalid for anything else, such as a cursor of another page size or order */
export function readPage(cursor: string | undefined, limit: number, order = ''): number {
	if (cursor === undefined) return 1;
	let read: z.output<typeof place> | null = null;
	try {
		read = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
	} catch {
		// said below
	}
	if (read && read.order !== order)
		throw new Invalid({ cursor: 'is of a list in another order. Start again without one.' });
	if (read?.limit === limit) return read.page;
	throw new Invalid({
		cursor: 'is no cursor of this list, or of another `limit`. Start again without one.'
	});
}
