import { fail, type ActionFailure } from '@sveltejs/kit';
import { AppError, Invalid, Unauthenticated } from './errors.ts';
import { log } from './log.ts';

/** What a refused form shows: the values that were typed (never passwords), an error per field, one message for the form. */
export interface FormFailure {
	/** The name of the action that refused, so that a page with several forms shows it in the right one. */
	action: string;
	values: Record<string, string>;
	errors: Record<string, string>;
	message: string | null;
}

const MASKED = /password|secret|token/i;

/** The fields of a form: a field sent several times becomes a list. Files are left out. */
export function formFields(data: FormData): Record<string, string | string[]> {
	const fields: Record<string, string | string[]> = {};
	for (const name of new Set(data.keys())) {
		const values = data.getAll(name).filter((value) => typeof value === 'string');
		if (values.length > 0) fields[name] = values.length === 1 ? values[0]! : values;
	}
	return fields;
}

/**
 * Runs a form action: hands the fields to `work` (the verb parses them) and turns what the product refuses into a failure
 * the page can show. Redirects and unexpected errors pass through.
 */
export async function submit<T>(
	event: { request: Request; locals: { retryAfter?: number } },
	action: string,
	work: (fields: Record<string, string | string[]>) => Promise<T>
): Promise<T | ActionFailure<FormFailure>> {
	const fields = formFields(await event.request.formData());
	try {
		return await work(fields);
	} catch (error) {
		if (!(error instanceof AppError) || error instanceof Unauthenticated) throw error;
		if ('retryAfter' in error) event.locals.retryAfter = Number(error.retryAfter);
		if (error.status >= 500) log.warn({ err: error, action }, 'form refused');
		const values = Object.fromEntries(
			Object.entries(fields).filter(
				(entry): entry is [string, string] => typeof entry[1] === 'string' && !MASKED.test(entry[0])
			)
		);
		const errors = error instanceof Invalid ? error.fields : {};
		const message = error instanceof Invalid ? (errors.form ?? null) : error.message;
		return fail(error.status, { action, values, errors, message });
	}
}
