import type { z } from 'zod';

const names = new WeakMap<z.ZodType, string>();

/** Gives a schema a name of its own in the document. */
export function named<Schema extends z.ZodType>(name: string, schema: Schema): Schema {
	names.set(schema, name);
	return schema;
}

/** A schema's name in the document; undefined where it stands inline. */
export function nameOf(schema: z.ZodType): string | undefined {
	return names.get(schema);
}
