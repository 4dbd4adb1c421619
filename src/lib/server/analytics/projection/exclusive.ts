const held = globalThis as unknown as { tidemarkProjectionTurn?: Promise<unknown> };

/** Runs one thing at a time: rounds of the projection, and the moment in which a rebuild takes its place. */
export function exclusive<T>(work: () => Promise<T>): Promise<T> {
	const turn = (held.tidemarkProjectionTurn ?? Promise.resolve()).then(work, work);
	held.tidemarkProjectionTurn = turn.catch(() => {});
	return turn;
}
