/** What is to happen, soonest first: a binary heap, since thousands of orders wait for something. */
export class Agenda<Entry extends { at: number }> {
	#heap: Entry[] = [];

	get size(): number {
		return this.#heap.length;
	}

	add(entry: Entry): void {
		const heap = this.#heap;
		let place = heap.push(entry) - 1;
		while (place > 0) {
			const parent = (place - 1) >> 1;
			if (heap[parent]!.at <= entry.at) break;
			heap[place] = heap[parent]!;
			place = parent;
		}
		heap[place] = entry;
	}

	/** The next entry that is due, taken off; undefined when none is. */
	take(now: number): Entry | undefined {
		const heap = this.#heap;
		const first = heap[0];
		if (!first || first.at > now) return undefined;
		const last = heap.pop()!;
		if (heap.length === 0) return first;
		let place = 0;
		for (;;) {
			let child = 2 * place + 1;
			if (child >= heap.length) break;
			if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++;
			if (heap[child]!.at >= last.at) break;
			heap[place] = heap[child]!;
			place = child;
		}
		heap[place] = last;
		return first;
	}

	/** Takes off all entries that match, whenever they are due; the soonest first. */
	extract(matches: (entry: Entry) => boolean): Entry[] {
		const found = this.#heap.filter(matches).sort((a, b) => a.at - b.at);
		const rest = this.#heap.filter((entry) => !matches(entry));
		this.#heap = [];
		for (const entry of rest) this.add(entry);
		return found;
	}
}
