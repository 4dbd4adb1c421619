import { hashPassword, verifyPassword } from '../platform/crypto.ts';
import { Unavailable } from '../platform/errors.ts';

/** Two at a time: argon2 takes a core and 46 MiB each, and pages must stay fast while someone floods the sign-in. */
const AT_ONCE = 2;
/** About two seconds of waiting; whoever comes later is sent away at once. */
const WAITING = 48;

let running = 0;
const queue: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
	if (running >= AT_ONCE) {
		if (queue.length >= WAITING)
			throw new Unavailable('Many people are signing in right now. Wait a few seconds and try again.', 3);
		await new Promise<void>((resolve) => queue.push(resolve)); // the one before hands its place over
	} else running++;
	try {
		return await work();
	} finally {
		const next = queue.shift();
		if (next) next();
		else running--;
	}
}

/** Hashes a password in turn. @throws Unavailable when too many wait */
export function hashInTurn(password: string): Promise<string> {
	return inTurn(() => hashPassword(password));
}

/** Verifies a password in turn. @throws Unavailable when too many wait */
export function verifyInTurn(stored: string, password: string): Promise<boolean> {
	return inTurn(() => verifyPassword(stored, password));
}
