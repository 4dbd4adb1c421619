import type { LiveEvent } from '#lib/contracts/live.ts';

/** How fresh the page is: `late` means that the stream is blocked and the page asks every 30 s instead. */
export type LiveState = 'live' | 'late' | 'reconnecting' | 'offline';

/** What a stream tells. Positions never go back, except after a `reset`. */
export interface SourceListener {
	onevent(event: LiveEvent): void;
	/** The stream is complete up to here, at the server's clock. */
	onbeat(position: number, at: string): void;
	/** Events before `position` are lost to the stream: ask for the page's data again. */
	onreset(position: number): void;
	onstate(state: LiveState): void;
	/** Time to ask for the page's data, since the stream does not get through. */
	onpoll(): void;
}

/** Silence after which a stream counts as dead: the server gives a sign of life each 15 s. */
const SILENCE_MS = 40_000;
/** A short break, as of a server that restarts, is not worth a word. */
const PATIENCE_MS = 3000;
const POLL_MS = 30_000;
/** Failures in a row after which the page polls. */
const BLOCKED_AFTER = 3;

/**
 * One event stream that heals itself: the browser's own retry for short breaks, a new connection from the last position after
 * silence or a refusal, polling while streams are blocked. Answers the function that ends it.
 */
export function openSource(
	url: (from: number) => string,
	from: number,
	listener: SourceListener,
	Source: typeof EventSource = EventSource
): () => void {
	let position = from;
	let failures = 0;
	let source: EventSource | undefined;
	let state: LiveState | undefined;
	const timers: Partial<Record<'silence' | 'retry' | 'patience' | 'poll', ReturnType<typeof setTimeout>>> =
		{};
	const clear = (...names: (keyof typeof timers)[]) => names.forEach((name) => clearTimeout(timers[name]));

	const tell = (next: LiveState) => {
		if (next !== state) listener.onstate((state = next));
	};
	const heard = () => {
		failures = 0;
		clear('silence', 'patience', 'poll');
		tell('live');
		timers.silence = setTimeout(failed, SILENCE_MS);
	};
	const broken = () => {
		if (state === 'live' || state === undefined) {
			clear('patience');
			timers.patience = setTimeout(() => tell('reconnecting'), PATIENCE_MS);
		}
	};
	function failed() {
		source?.close();
		clear('silence');
		broken();
		if (++failures === BLOCKED_AFTER) {
			clear('patience');
			tell('late');
			poll();
		}
		timers.retry = setTimeout(connect, Math.min(1000 * 2 ** failures, POLL_MS) * (0.75 + Math.random() / 2));
	}
	function poll() {
		listener.onpoll();
		timers.poll = setTimeout(poll, POLL_MS);
	}
	function connect() {
		clear('retry', 'silence');
		source?.close();
		const own = (source = new Source(url(position)));
		own.onopen = () => {
			clear('silence');
			timers.silence = setTimeout(failed, SILENCE_MS); // a proxy that holds everything back opens too: wait for the first beat
		};
		own.onmessage = (message: MessageEvent<string>) => {
			const event = JSON.parse(message.data) as LiveEvent;
			position = event.position;
			heard();
			listener.onevent(event);
		};
		own.addEventListener('beat', (message: MessageEvent<string>) => {
			const beat = JSON.parse(message.data) as { position: number; at: string };
			position = beat.position;
			heard();
			listener.onbeat(beat.position, beat.at);
		});
		own.addEventListener('reset', (message: MessageEvent<string>) => {
			({ position } = JSON.parse(message.data) as { position: number });
			heard();
			listener.onreset(position);
		});
		own.onerror = () => {
			if (own !== source) return;
			if (own.readyState === own.CLOSED) failed();
			else broken();
		};
	}
	const offline = () => {
		source?.close();
		clear('silence', 'retry', 'patience', 'poll');
		tell('offline');
	};
	const online = () => {
		failures = 0;
		tell('reconnecting');
		connect();
	};
	addEventListener('offline', offline);
	addEventListener('online', online);
	if (navigator.onLine === false) offline();
	else connect();
	return () => {
		source?.close();
		clear('silence', 'retry', 'patience', 'poll');
		removeEventListener('offline', offline);
		removeEventListener('online', online);
	};
}
