import { z } from 'zod';
import { NotFound } from '../platform/errors.ts';

/** An id in an address. Opaque: any text is taken, an unknown one is not found. */
export const idText = z.string().min(1).max(100).meta({ description: 'Opaque.' });

/** Params of an address that ends in an id. */
export const idParams = z.strictObject({ id: idText });

/** @throws NotFound for a text that is no id of ours */
export function uuidOr404(id: string, what: string): string {
	if (!z.uuid().safeParse(id).success) throw new NotFound(what);
	return id;
}
