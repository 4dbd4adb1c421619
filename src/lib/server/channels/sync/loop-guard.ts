import { ChannelError } from '../error.ts';

const MOST_EMPTY_PAGES = 5;

/**
 * Answers the cursor of the next page, or stops a paging that makes no way: the same cursor twice, or (unless `mayBeEmpty`)
 * several empty pages that promise more. Feed it every cursor, a null one too where the channel promised more.
 * @throws ChannelError `unavailable`: the run fails in sight of people instead of turning in circles
 */
export function loopGuard(
	channel: string,
	what: string,
	{ mayBeEmpty = false, most = 100_000 }: { mayBeEmpty?: boolean; most?: number } = {}
): (cursor: string | null, rows: number) => string {
	const seen = new Set<string>();
	let empty = 0;
	return (cursor, rows) => {
		if (cursor === null || seen.has(cursor))
			throw new ChannelError(
				'unavailable',
				`${channel}’s list of ${what} goes round in circles: the same page came twice. Tidemark tries again later.`
			);
		seen.add(cursor);
		empty = rows === 0 ? empty + 1 : 0;
		if ((!mayBeEmpty && empty >= MOST_EMPTY_PAGES) || seen.size >= most)
			throw new ChannelError(
				'unavailable',
				`${channel}’s list of ${what} does not end: ${mayBeEmpty ? `${seen.size} pages` : `${empty} empty pages`}. Tidemark tries again later.`
			);
		return cursor;
	};
}
