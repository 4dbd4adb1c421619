import { olapStore } from '../../platform/olap.ts';

/** Entries of each kind that a process keeps. */
const MOST = 200;

interface Entry {
	value: Promise<unknown>;
	endsAt: number;
}
type Kinds = Map<string, Map<string, Entry>>;

const held = globalThis as unknown as { tidemarkReading?: WeakMap<object, Kinds> };

function entriesOf(kind: string): Map<string, Entry> {
	const stores = (held.tidemarkReading ??= new WeakMap<object, Kinds>());
	const store = olapStore().ingest;
	let kinds = stores.get(store);
	if (!kinds) stores.set(store, (kinds = new Map()));
	let entries = kinds.get(kind);
	if (!entries) kinds.set(kind, (entries = new Map()));
	return entries;
}

/** What was read of the store under a key, at most so long ago; read once however many ask. What fails is not kept. */
export function kept<T>(kind: string, key: string, milliseconds: number, read: () => Promise<T>): Promise<T> {
	const entry = entriesOf(kind).get(key);
	if (entry && entry.endsAt > performance.now()) return entry.value as Promise<T>;
	const value = read();
	keep(kind, key, milliseconds, value);
	return value;
}

/** Keeps what is known without reading. */
export function keep(kind: string, key: string, milliseconds: number, value: Promise<unknown>): void {
	const entries = entriesOf(kind);
	const fresh = { value, endsAt: performance.now() + milliseconds };
	entries.delete(key);
	entries.set(key, fresh);
	for (const oldest of entries.keys()) {
		if (entries.size <= MOST) break;
		entries.delete(oldest);
	}
	value.catch(() => {
		if (entries.get(key) === fresh) entries.delete(key);
	});
}

/** Forgets one. */
export function forget(kind: string, key: string): void {
	entriesOf(kind).delete(key);
}

/** Forgets everything: the store was made anew. */
export function forgetReading(): void {
	held.tidemarkReading?.delete(olapStore().ingest);
}
