import { z } from 'zod';

/** A payload that does not say what it must. The message names what is wrong, for the person who looks at the dead letter. */
export class Unparsable extends Error {
	override name = 'Unparsable';
}

/** Thrown by a parser when the field is missing. `where` reads like "Quantity of line 2". */
export function missing(where: string): never {
	throw new Unparsable(`${where} is missing or not readable.`);
}

/** One sentence for a dead letter: our own words where we have them, the field where a schema refused, else the error's. */
export function messageOf(error: unknown): string {
	if (error instanceof z.ZodError) {
		const issue = error.issues[0];
		return issue
			? `${issue.path.join('.') || 'The payload'}: ${issue.message}`
			: 'The payload does not have the expected form.';
	}
	return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}
