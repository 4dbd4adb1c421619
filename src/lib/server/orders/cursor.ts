import { z } from 'zod';
import { Invalid } from '../platform/errors.ts';

type Direction = 'asc' | 'desc';

/** A place in a sorted list: the value and id of the row at its edge. `back` walks towards the beginning. */
export interface Cursor {
	value: string;
	id: string;
	back: boolean;
}

const shape = z.tuple([z.string().max(30), z.uuid(), z.boolean(), z.enum(['asc', 'desc'])]);
const VALUES = { placed: z.iso.datetime({ offset: true }), total: z.string().regex(/^-?\d{1,19}$/) };

/** The opaque text of a cursor of a list that runs in `direction`. */
export function writeCursor({ value, id, back }: Cursor, direction: Direction): string {
	return Buffer.from(JSON.stringify([value, id, back, direction])).toString('base64url');
}

/** Reads a cursor of a list sorted by `sort` in `direction`. @throws Invalid for anything else, such as a cursor of another sort */
export function readCursor(
	text: string | undefined,
	sort: 'placed' | 'total',
	direction: Direction
): Cursor | null {
	if (text === undefined) return null;
	let read: z.output<typeof shape>;
	try {
		read = shape.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
		VALUES[sort].parse(read[0]);
	} catch {
		throw new Invalid({ cursor: 'This page of the list cannot be found. Start again from its first page.' });
	}
	const [value, id, back, written] = read;
	if (written !== direction)
		throw new Invalid({
			cursor: 'This page is of the list in the other direction. Start again from the first page.'
		});
	return { value, id, back };
}
