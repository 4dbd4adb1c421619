import { z } from 'zod';
import { Invalid } from '../platform/errors.ts';

/** A place in a sorted list: the value and id of the row at its edge. `back` walks towards the beginning. */
export interface Cursor {
	value: string;
	id: string;
	back: boolean;
}

const shape = z.tuple([z.string().max(30), z.uuid(), z.boolean()]);
const VALUES = { placed: z.iso.datetime({ offset: true }), total: z.string().regex(/^-?\d{1,19}$/) };

/** The opaque text of a cursor. */
export function writeCursor({ value, id, back }: Cursor): string {
	return Buffer.from(JSON.stringify([value, id, back])).toString('base64url');
}

/** Reads a cursor of a list sorted by `sort`. @throws Invalid for anything else, such as a cursor of another sort */
export function readCursor(text: string | undefined, sort: 'placed' | 'total'): Cursor | null {
	if (text === undefined) return null;
	try {
		const [value, id, back] = shape.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
		return { value: VALUES[sort].parse(value), id, back };
	} catch {
		throw new Invalid({ cursor: 'This page of the list cannot be found. Start again from its first page.' });
	}
}
