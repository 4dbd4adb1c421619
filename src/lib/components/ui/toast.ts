import type * as sonner from 'svelte-sonner';

type Sonner = typeof sonner;

/** Set by toasts.svelte, which stands on every page: puts the notices' place there with the first notice. */
let place: (sonner: Sonner) => Promise<void> = async () => {};
let loaded: Promise<Sonner> | undefined;

export function placeToasts(into: typeof place): void {
	place = into;
}

function show(kind: 'success' | 'error', text: string): void {
	loaded ??= import('svelte-sonner').then(async (module) => {
		await place(module);
		return module;
	});
	void loaded.then((module) => module.toast[kind](text));
}

/** A short notice in the corner. What draws it comes with the first one: most views have none. */
export const toast = {
	success: (text: string) => show('success', text),
	error: (text: string) => show('error', text)
};
