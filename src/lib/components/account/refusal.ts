/** What a refused form action answers (`platform/form.ts`). */
export interface Refusal {
	action: string;
	values: Record<string, string>;
	errors: Record<string, string>;
	message: string | null;
}

/** The refusal in a page's `form`, or null where nothing was sent or all went well. */
export function refusalOf(form: unknown): Refusal | null {
	if (typeof form !== 'object' || form === null || !('errors' in form) || !form.errors) return null;
	return form as Refusal;
}
