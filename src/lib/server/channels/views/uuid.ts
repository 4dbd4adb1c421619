import { NotFound } from '../../platform/errors.ts';

/** An id from a URL that is no id is as unknown as one that belongs to nobody. @throws NotFound */
export function uuidOr404(id: string): string {
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw new NotFound('This');
	return id;
}
