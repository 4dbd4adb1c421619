import { config, z } from 'zod';

// zod tries `new Function` to see whether it may compile; our content security policy forbids it and browsers report the try
if (typeof document !== 'undefined') config({ jitless: true });

/** Makes a schema. The mark below leaves it out of pages that only use a contract's words and types, and zod with it. */
/* @__NO_SIDE_EFFECTS__ */
export function schema<Schema>(make: () => Schema): Schema {
	return make();
}

export { z };
