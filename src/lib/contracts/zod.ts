import { z } from 'zod';

// zod tries `new Function` to see whether it may compile; our content security policy forbids it and browsers report the try
if (typeof document !== 'undefined') z.config({ jitless: true });

export { z };
