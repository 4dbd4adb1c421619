import { SEGMENTS, type SegmentName } from '#lib/contracts/customer-segments.ts';

/**
 * Segments by recency and frequency score, each a fifth from 1 (worst) to 5 (best): the grid of ten names in common use for RFM. The
 * money score stands beside and names nothing. Rows: recency 1 to 5; columns: frequency 1 to 5.
 */
const GRID: readonly (readonly SegmentName[])[] = [
	['hibernating', 'hibernating', 'at_risk', 'at_risk', 'cannot_lose'],
	['hibernating', 'hibernating', 'at_risk', 'at_risk', 'cannot_lose'],
	['about_to_sleep', 'about_to_sleep', 'need_attention', 'loyal', 'loyal'],
	['promising', 'potential_loyalists', 'potential_loyalists', 'loyal', 'loyal'],
	['new', 'potential_loyalists', 'potential_loyalists', 'champions', 'champions']
];

/** The segment of two scores from 1 to 5. */
export function segmentOf(recency: number, frequency: number): SegmentName {
	return GRID[recency - 1]![frequency - 1]!;
}

/** Codes (recency × 10 + frequency) of segments, for conditions in SQL. */
export function codesOf(segments: readonly SegmentName[]): number[] {
	return GRID.flatMap((row, r) =>
		row.flatMap((name, f) => (segments.includes(name) ? [(r + 1) * 10 + f + 1] : []))
	);
}

/** `code` (recency × 10 + frequency) as the segment's place in `SEGMENTS`, in SQL. */
export function segmentSql(code: string): string {
	const codes = SEGMENTS.flatMap((name) => codesOf([name]).map((one) => [one, SEGMENTS.indexOf(name)]));
	return `transform(${code}, [${codes.map(([one]) => one).join(',')}], [${codes.map(([, index]) => index).join(',')}], 0)`;
}
