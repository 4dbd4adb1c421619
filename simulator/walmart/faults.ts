/** What each fault does at Walmart; the letters are those of channels/faults.json. */
export const WALMART_FAULTS: Readonly<Record<string, string>> = {
	F27: 'Walmart: pages of at most 10 orders; a nextCursor that is not sent back letter by letter is refused',
	F28: 'Walmart: always so: orders that Walmart or another company ships come only when their shipNodeType is asked for',
	F29: 'Walmart: a listing ends at 60 rows, whatever totalCount says',
	F30: 'Walmart: every fifth call finds its token dead (401)',
	F31: 'Walmart: every third call is throttled (429) and names the time to come back in one of three ways',
	F32: 'Walmart: every fourth call answers 423, 504, an HTML 520, or 206 with rows missing, in turn',
	F33: 'Walmart: one placeholder e-mail address for all buyers and no buyer ids (SKUs with "/" and "%" there are always)',
	F34: 'Walmart: always so: free replacement orders, and orders whose lines are cancelled, shipped and refunded'
};

/** Whether a fault strikes now: each counts its own calls, so that faults do not hide one another. */
export class Turns {
	#counts = new Map<string, number>();

	/** True on every n-th call. */
	every(fault: string, n: number): boolean {
		return this.next(fault) % n === 0;
	}

	/** 1, 2, 3 ... for a name. */
	next(name: string): number {
		const count = (this.#counts.get(name) ?? 0) + 1;
		this.#counts.set(name, count);
		return count;
	}
}
