import { timeZones } from '#lib/contracts/regional.ts';
import {
	configureImport,
	discardImport,
	getImport,
	startImport,
	undoImport
} from '#lib/server/imports/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import { redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';
import { optionsOf } from './options-form.ts';

export const load: PageServerLoad = async ({ locals, params }) => ({
	...(await getImport(locals.ctx, params.id)),
	timeZones: timeZones(),
	now: new Date().toISOString()
});

export const actions: Actions = {
	check: (event) =>
		submit(event, 'check', async (fields) => {
			await configureImport(event.locals.ctx, event.params.id, optionsOf(fields));
			return { done: 'The file is being checked.' };
		}),
	start: (event) =>
		submit(event, 'start', async () => {
			await startImport(event.locals.ctx, event.params.id);
			return { done: null };
		}),
	undo: (event) =>
		submit(event, 'undo', async () => {
			await undoImport(event.locals.ctx, event.params.id);
			return { done: null };
		}),
	discard: (event) =>
		submit(event, 'discard', async () => {
			await discardImport(event.locals.ctx, event.params.id);
			redirect(303, `/${event.params.org}/import`);
		})
};
