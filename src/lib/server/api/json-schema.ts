import { z } from 'zod';
import { nameOf } from './names.ts';

export type Json = Record<string, unknown>;

/** A schema as the document writes it; schemas with a name go to `components` and are referred to. */
export function jsonSchema(
	schema: z.ZodType,
	io: 'input' | 'output',
	components: Map<string, Json>,
	asReference = nameOf(schema) !== undefined
): Json {
	if (asReference) {
		component(schema, io, components);
		return { $ref: `#/components/schemas/${nameOf(schema)}` };
	}
	const { $schema: _dialect, ...made } = z.toJSONSchema(schema, {
		io,
		unrepresentable: 'any',
		override({ zodSchema, jsonSchema: own, path }) {
			const name = nameOf(zodSchema as unknown as z.ZodType);
			if (name === undefined || path.length === 0) return;
			for (const key of Object.keys(own)) delete own[key as keyof typeof own];
			own.$ref = `#/components/schemas/${name}`;
			component(zodSchema as unknown as z.ZodType, io, components);
		}
	}) as Json;
	return made;
}

function component(schema: z.ZodType, io: 'input' | 'output', components: Map<string, Json>): void {
	const name = nameOf(schema)!;
	if (components.has(name)) return;
	components.set(name, {}); // it may hold itself
	components.set(name, jsonSchema(schema, io, components, false));
}
