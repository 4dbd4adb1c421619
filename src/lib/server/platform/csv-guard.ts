/** What a spreadsheet takes for the beginning of a formula, full-width signs included, behind any blanks (OWASP, CSV injection). */
const FORMULA = '\\s*[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20\\t\\r\\n]';
const BEGINS = new RegExp(`^${FORMULA}`);
const MARKED = new RegExp(`^'(?=${FORMULA})`);

/** Text of a cell as it may stand in a CSV file: an apostrophe in front keeps a spreadsheet from computing it. Null is ''. */
export function guarded(text: string | null): string {
	return text !== null && BEGINS.test(text) ? `'${text}` : (text ?? '');
}

/** A cell that is read back, without the mark of `guarded`. */
export function unguarded(cell: string): string {
	return cell.replace(MARKED, '');
}
