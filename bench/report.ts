/** One figure beside its reference. `gate` says what passes; without one the line is for information. */
export interface Line {
	name: string;
	candidate: number;
	/** Null when the gate is an absolute. */
	reference: number | null;
	unit: string;
	gate: { atMost: number } | { atLeast: number } | null;
	/** Null: the gate judges the ratio. `absolute`: it judges the candidate. */
	judge?: 'ratio' | 'absolute';
	note?: string;
}

export interface Result {
	bench: string;
	lines: Line[];
	/** Things a reader needs to weigh the figures: rounds, samples, data size. */
	facts: Record<string, string | number>;
}

/** What the gate looks at: the ratio, or the candidate itself. */
function judged({ candidate, reference, judge }: Line): number {
	return judge === 'absolute' || reference === null ? candidate : candidate / reference;
}

/** Null for a line without a gate. A figure that is not a number fails. */
export function passes(line: Line): boolean | null {
	if (!line.gate) return null;
	const value = judged(line);
	return 'atMost' in line.gate ? value <= line.gate.atMost : value >= line.gate.atLeast;
}

/** The table people read. */
export function table({ bench, lines, facts }: Result): string {
	const rows = [['', 'candidate', 'reference', 'ratio', 'gate', '']];
	for (const line of lines) {
		const { candidate, reference, unit, gate } = line;
		const passed = passes(line);
		const bound = gate && ('atMost' in gate ? `<= ${gate.atMost}` : `>= ${gate.atLeast}`);
		rows.push([
			line.name,
			`${figure(candidate)} ${unit}`,
			reference === null ? '-' : `${figure(reference)} ${unit}`,
			reference === null ? '-' : `${figure(candidate / reference)}x`,
			bound ? (judged(line) === candidate ? `${bound} ${unit}` : `${bound}x`) : '-',
			(passed === null ? 'reported' : passed ? 'pass' : 'FAIL') + (line.note ? ` (${line.note})` : '')
		]);
	}
	const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
	const text = rows.map((row) =>
		row
			.map((cell, column) =>
				column === 0 ? cell.padEnd(widths[0]!) : column < 5 ? cell.padStart(widths[column]!) : cell
			)
			.join('  ')
	);
	const beside = Object.entries(facts).map(([name, value]) => `${name}: ${value}`);
	return [`# ${bench}`, ...text, beside.join(', ')].join('\n');
}

function figure(value: number): string {
	if (!Number.isFinite(value)) return String(value);
	if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
	return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
