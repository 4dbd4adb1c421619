const realNow = Date.now;
const realFetch = globalThis.fetch;
let offset = 0;

/** Moves the clock of this process forward, the simulator's in it as well: what Amazon shows after minutes is there at once. */
export function later(minutes: number): void {
	offset += minutes * 60_000;
	Date.now = () => realNow() + offset;
	globalThis.fetch = async (...given) => {
		const response = await realFetch(...given);
		const date = Date.parse(response.headers.get('date') ?? '');
		// node writes the real time into its answers; a time that the simulator wrote itself stands
		if (Number.isNaN(date) || Math.abs(date - realNow()) > 20_000) return response;
		const headers = new Headers(response.headers);
		headers.set('date', new Date(date + offset).toUTCString());
		const empty = response.status === 204 || response.status === 304;
		return new Response(empty ? null : response.body, { status: response.status, headers });
	};
}

/** The real time again. */
export function now(): void {
	offset = 0;
	Date.now = realNow;
	globalThis.fetch = realFetch;
}
