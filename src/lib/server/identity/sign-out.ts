import { asSystem } from '../platform/system.ts';
import { accessChanged } from './access-changes.ts';
import type { RequestIdentity } from './request-identity.ts';
import { clearSessionToken } from './session-cookie.ts';
import { endPresentedSession } from './sessions.ts';

/** Ends the browser's session, on the server too. Twice is fine. */
export async function signOut(request: RequestIdentity): Promise<void> {
	const ended = await asSystem('account: verify, reset, sessions of a person', (tx) =>
		endPresentedSession(tx, request)
	);
	clearSessionToken(request);
	if (ended) accessChanged({ userId: ended });
}
