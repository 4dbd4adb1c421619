import type { LiveEvent } from '#lib/contracts/live.ts';
import { openSource, type LiveState, type SourceListener } from './source.ts';

/** Events kept so that a page or tab that joins later continues from the position it was rendered at. */
const KEPT = 500;
/** How long a tab waits for the leading tab before it opens a stream of its own. */
const ANSWER_MS = 1500;

type Message =
	| { kind: 'hello'; tab: string; from: number }
	| {
			kind: 'welcome';
			tab: string;
			start: number;
			events: LiveEvent[];
			position: number;
			at: string | null;
			state: LiveState;
	  }
	| { kind: 'event'; event: LiveEvent }
	| { kind: 'beat'; position: number; at: string }
	| { kind: 'reset'; position: number }
	| { kind: 'state'; state: LiveState }
	| { kind: 'poll' };

/** What this tab knows of the stream, whoever holds it. */
export interface SharedStream {
	join(from: number, listener: SourceListener): () => void;
	close(): void;
}

/**
 * One event stream for all tabs of a browser (HTTP/1.1 allows six connections an origin): the tab that holds the lock opens it
 * and passes everything on; when it goes, the next one opens it from its own position. Without Web Locks (plain HTTP) each tab
 * has its own. `key` names organization and person, so that nothing crosses between people.
 */
export function shareStream(
	key: string,
	url: (from: number) => string,
	from: number,
	Source: typeof EventSource = EventSource
): SharedStream {
	const listeners = new Set<SourceListener>();
	const tab = crypto.randomUUID?.() ?? String(Math.random());
	const name = `tidemark-live ${key}`;
	const channel = globalThis.BroadcastChannel && navigator.locks ? new BroadcastChannel(name) : null;
	const leaving = new AbortController();
	const kept: LiveEvent[] = [];
	/** `kept` is complete after this position. */
	let start = from;
	let position = from;
	let at: string | null = null;
	let state: LiveState = 'reconnecting';
	let leads = false;
	let early: Message[] | null = null;
	let endSource: (() => void) | undefined;
	let waiting: ReturnType<typeof setTimeout> | undefined;

	const post = (message: Message) => channel?.postMessage(message);
	const each = (tell: (listener: SourceListener) => void) => [...listeners].forEach(tell);

	function receive(message: Message): void {
		if (message.kind === 'event') {
			const { event } = message;
			if (event.position <= position) return;
			position = event.position;
			at = event.at;
			kept.push(event);
			if (kept.length > KEPT) start = kept.shift()!.position;
			each((listener) => listener.onevent(event));
		} else if (message.kind === 'beat') {
			position = Math.max(position, message.position);
			at = message.at;
			each((listener) => listener.onbeat(message.position, message.at));
		} else if (message.kind === 'reset') {
			kept.length = 0;
			start = position = message.position;
			each((listener) => listener.onreset(message.position));
		} else if (message.kind === 'state') {
			state = message.state;
			each((listener) => listener.onstate(message.state));
		} else if (message.kind === 'poll') {
			each((listener) => listener.onpoll());
		}
	}
	const fromServer = (message: Message) => {
		receive(message);
		if (leads) post(message);
	};
	const openOwn = () => {
		endSource ??= openSource(
			url,
			position,
			{
				onevent: (event) => fromServer({ kind: 'event', event }),
				onbeat: (position, at) => fromServer({ kind: 'beat', position, at }),
				onreset: (position) => fromServer({ kind: 'reset', position }),
				onstate: (state) => fromServer({ kind: 'state', state }),
				onpoll: () => fromServer({ kind: 'poll' })
			},
			Source
		);
	};
	const settle = () => {
		clearTimeout(waiting);
		const messages = early ?? [];
		early = null;
		messages.forEach(receive);
	};
	const lead = () =>
		new Promise<void>((release) => {
			leads = true;
			settle();
			openOwn();
			leaving.signal.addEventListener('abort', () => release());
		});

	function hear({ data: message }: MessageEvent<Message>): void {
		if (message.kind === 'hello') {
			if (leads) welcome(message);
		} else if (message.kind === 'welcome') {
			if (message.tab !== tab || leads || endSource) return;
			if (message.start > position) receive({ kind: 'reset', position: message.start });
			message.events.forEach((event) => receive({ kind: 'event', event }));
			receive({ kind: 'state', state: message.state });
			if (message.at) receive({ kind: 'beat', position: message.position, at: message.at });
			settle();
		} else if (early) {
			early.push(message);
		} else if (!leads && !endSource) {
			receive(message);
		}
	}
	function welcome({ tab, from }: Message & { kind: 'hello' }): void {
		const events = kept.filter((event) => event.position > from);
		// the other tab was rendered before what is kept here: let it ask again for its data
		post({
			kind: 'welcome',
			tab,
			start: from < start ? position : from,
			events: from < start ? [] : events,
			position,
			at,
			state
		});
	}

	if (channel) {
		early = [];
		channel.onmessage = hear;
		post({ kind: 'hello', tab, from });
		waiting = setTimeout(() => {
			if (!early) return;
			settle();
			openOwn(); // no one answers: a frozen tab must not silence this one
		}, ANSWER_MS);
		navigator.locks.request(name, { signal: leaving.signal }, lead).catch(() => {}); // aborted on leaving
	} else {
		openOwn();
	}

	return {
		join(joinedAt, listener) {
			const own: SourceListener = {
				...listener,
				onevent: (event) => event.position > joinedAt && listener.onevent(event)
			};
			listeners.add(own);
			listener.onstate(state);
			if (at) listener.onbeat(position, at);
			if (joinedAt < start) listener.onreset(position);
			else kept.forEach(own.onevent);
			return () => listeners.delete(own);
		},
		close() {
			clearTimeout(waiting);
			endSource?.();
			leaving.abort();
			channel?.close();
			listeners.clear();
		}
	};
}
