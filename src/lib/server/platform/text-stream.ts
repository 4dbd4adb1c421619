/**
 * Pieces of text as a body: the next one is read when the one before was taken, and none after the reader left (`stop` is told
 * first, for pieces that wait for something).
 */
export function textStream(pieces: AsyncIterable<string>, stop?: () => void): ReadableStream<Uint8Array> {
	const text = new TextEncoder();
	const iterator = pieces[Symbol.asyncIterator]();
	return new ReadableStream({
		async pull(controller) {
			const { value, done } = await iterator.next();
			if (done) controller.close();
			else controller.enqueue(text.encode(value));
		},
		async cancel() {
			stop?.();
			await iterator.return?.();
		}
	});
}
