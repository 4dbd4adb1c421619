import { object, objects, type Json } from '../json.ts';

/** The objects of a list that Walmart's gateways write as a single object when there is only one. @throws Unparsable */
export function listOf(value: unknown, where: string): Json[] {
	const single = object(value);
	return single ? [single] : objects(value, where);
}
