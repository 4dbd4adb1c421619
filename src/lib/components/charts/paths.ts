type Point = [x: number, y: number];

/** An SVG path through the points; a null breaks the line, as a day without data must. */
export function lineSegments(points: (Point | null)[]): string {
	return runs(points)
		.map(
			(run) => `M${run.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}${run.length === 1 ? 'h0' : ''}`
		)
		.join('');
}

/** The same line closed down to `base`. */
export function areaUnder(points: (Point | null)[], base: number): string {
	return runs(points)
		.map((run) => {
			const first = run[0] as Point;
			const last = run[run.length - 1] as Point;
			const top = run.map(([x, y]) => `${round(x)} ${round(y)}`).join('L');
			return `M${round(first[0])} ${base}L${top}L${round(last[0])} ${base}Z`;
		})
		.join('');
}

function runs(points: (Point | null)[]): Point[][] {
	const found: Point[][] = [[]];
	for (const point of points) {
		if (point) found[found.length - 1]?.push(point);
		else if (found[found.length - 1]?.length) found.push([]);
	}
	return found.filter((run) => run.length > 0);
}

const round = (value: number) => Math.round(value * 100) / 100;
