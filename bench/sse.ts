import http from 'node:http';

/** An open event stream, read as bytes come. */
export interface EventStream {
	/** The last id received; where a new connection resumes. */
	lastId(): number | null;
	close(): void;
	/** Resolves when the server or the network ended it. */
	ended: Promise<void>;
}

/** One server-sent event, at the `performance.now()` at which its first byte was read. */
export interface Received {
	id: number | null;
	event: string;
	data: string;
	at: number;
}

/**
 * Opens a stream; resolves once the server has answered with its headers.
 * @throws Error when the answer is not a stream
 */
export async function openEvents(
	url: string,
	options: {
		cookie?: string;
		lastEventId?: number | null;
		onEvent: (event: Received) => void;
		agent?: http.Agent;
	}
): Promise<EventStream> {
	const headers: Record<string, string> = { accept: 'text/event-stream' };
	if (options.cookie) headers.cookie = options.cookie;
	if (options.lastEventId != null) headers['last-event-id'] = String(options.lastEventId);
	const request = http.get(url, { headers, agent: options.agent ?? new http.Agent() });
	const response = await new Promise<http.IncomingMessage>((resolve, reject) =>
		request.on('response', resolve).on('error', reject)
	);
	if (response.statusCode !== 200) {
		request.destroy();
		throw new Error(`${url} answered ${response.statusCode} instead of a stream.`);
	}
	let lastId: number | null = options.lastEventId ?? null;
	let text = '';
	let begun = 0;
	response.setEncoding('utf8').on('data', (chunk: string) => {
		const now = performance.now();
		if (text === '') begun = now;
		text += chunk;
		for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
			const lines = text.slice(0, end).split('\n');
			text = text.slice(end + 2);
			const field = (name: string) =>
				lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
			const id = field('id');
			if (id !== undefined) lastId = Number(id);
			const data = field('data');
			if (data !== undefined)
				options.onEvent({
					id: id === undefined ? null : Number(id),
					event: field('event') ?? 'message',
					data,
					at: begun
				});
			begun = now;
		}
	});
	const ended = new Promise<void>((resolve) =>
		response.on('close', () => resolve()).on('error', () => resolve())
	);
	return { lastId: () => lastId, close: () => request.destroy(), ended };
}
