import { upgradeRequired } from '#lib/server/api/index.ts';
import type { RequestHandler } from './$types';

/** WebSockets are opened at the server's own door (server.js); what comes here came without an upgrade. */
const refuse: RequestHandler = ({ locals }) => upgradeRequired(locals.requestId);

export { refuse as GET, refuse as fallback };
