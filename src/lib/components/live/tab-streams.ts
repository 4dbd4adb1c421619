import { shareStream, type SharedStream } from './shared.ts';

/** The tab's streams. One outlives a change of page for a moment, so that the next page joins it. */
interface Entry {
	stream: SharedStream;
	users: number;
	closing?: ReturnType<typeof setTimeout>;
}
const open = new Map<string, Entry>();
const LINGER_MS = 5000;

/** The tab's stream of a key, opened at `position` when there is none. Call `depart` once for each call. */
export function enter(key: string, path: string, position: number): SharedStream {
	const entry: Entry = open.get(key) ?? {
		stream: shareStream(key, (from) => `${path}?from=${from}`, position),
		users: 0
	};
	open.set(key, entry);
	entry.users++;
	clearTimeout(entry.closing);
	return entry.stream;
}

/** Ends the stream when no page has used it for a moment. */
export function depart(key: string): void {
	const entry = open.get(key);
	if (!entry || --entry.users > 0) return;
	entry.closing = setTimeout(() => {
		entry.stream.close();
		open.delete(key);
	}, LINGER_MS);
}
