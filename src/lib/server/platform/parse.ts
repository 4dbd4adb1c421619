import type { z } from 'zod';
import { Invalid } from './errors.ts';

/**
 * Reads untrusted input with a strict schema.
 * @throws Invalid naming each wrong field once, with the schema's own words
 */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
	const result = schema.safeParse(input);
	if (result.success) return result.data;
	const fields: Record<string, string> = {};
	for (const issue of result.error.issues) {
		if (issue.code === 'unrecognized_keys')
			for (const key of issue.keys) fields[key] ??= 'is not a field of this form.';
		else fields[issue.path.join('.') || 'form'] ??= issue.message;
	}
	throw new Invalid(fields);
}
