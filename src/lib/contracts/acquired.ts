import { CHANNELS } from './channels.ts';
import { schema, z } from './zod.ts';

/** Which customers: by the channel of their first order. Empty means all. */
export const acquired = schema(() => z.array(z.enum(CHANNELS)).max(3).default([]));
