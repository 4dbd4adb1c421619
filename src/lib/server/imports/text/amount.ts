const SIGNS = /[$€£¥₹₺₽₩฿R]|[A-Z]{3}|[\s\u00a0\u202f'’]/g;
/** What most cells are. */
const PLAIN = /^(?:0|[1-9]\d{0,10})(?:\.\d{1,20})?$/;
const GROUPED = {
	'.': /^(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d*))?$/,
	',': /^(\d{1,3}(?:\.\d{3})+|\d*)(?:,(\d*))?$/
};

/**
 * A decimal string of what a cell says: "1.234,50 €", "(12.00)", "12.00-", "−3". `decimal` is the mark before the cents; the
 * other one may part thousands and nothing else, so that 12.50 in a file with commas is refused instead of read as 1250.
 * Empty is null. @throws NoAmount
 */
export function amountOf(cell: string, decimal: '.' | ','): string | null {
	if (decimal === '.' && PLAIN.test(cell)) return cell;
	let text = cell.trim().replace(SIGNS, '').replace(/^[−–]/, '-');
	if (text === '') {
		if (cell.trim() === '') return null;
		throw new NoAmount(cell, decimal);
	}
	let negative = false;
	const wrapped = /^\((.*)\)$/.exec(text);
	if (wrapped) [negative, text] = [true, wrapped[1]!];
	if (text.endsWith('-')) [negative, text] = [!negative, text.slice(0, -1)];
	if (text.startsWith('-')) [negative, text] = [!negative, text.slice(1)];
	else if (text.startsWith('+')) text = text.slice(1);
	const match = GROUPED[decimal].exec(text);
	if (!match || (!match[1] && !match[2])) throw new NoAmount(cell, decimal);
	const whole = (match[1] || '0').replace(/[.,]/g, '').replace(/^0+(?=\d)/, '');
	if (whole.length > 11) throw new NoAmount(cell, decimal);
	const value = match[2] ? `${whole}.${match[2].slice(0, 20)}` : whole;
	return negative && /[1-9]/.test(value) ? `-${value}` : value;
}

/** Pieces: a whole number; 2.0 is one. Empty is null. @throws NoCount */
export function countOf(cell: string, decimal: '.' | ','): number | null {
	let text: string | null;
	try {
		text = amountOf(cell, decimal);
	} catch {
		throw new NoCount(cell);
	}
	if (text === null) return null;
	const value = Number(text);
	if (!Number.isInteger(value) || Math.abs(value) > 400_000) throw new NoCount(cell);
	return value;
}

/** The message is for the person who has the file before them. */
export class NoAmount extends Error {
	constructor(cell: string, decimal: '.' | ',') {
		super(
			`“${short(cell)}” is no amount with a ${decimal === '.' ? 'point' : 'comma'} before the cents. Write it as ${decimal === '.' ? '1234.50' : '1234,50'}, or choose the other mark for this file.`
		);
	}
}
export class NoCount extends Error {
	constructor(cell: string) {
		super(`“${short(cell)}” is no number of pieces. Write a whole number.`);
	}
}

/** As much of a cell as a message can hold. */
export function short(cell: string): string {
	const text = cell.trim().replace(/\s+/g, ' ');
	return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
