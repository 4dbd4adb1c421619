import { error } from '@sveltejs/kit';
import { dev } from '$app/env';

/** The gallery is for judging the look while developing; a built product has no such page. */
export const load = () => {
	if (!dev) error(404, 'Not found');
};
