import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Delimiter } from '#lib/contracts/imports.ts';
import { CsvReader, OpenQuote, type CsvRecord } from './csv-reader.ts';

function read(
	text: string,
	{ delimiter = ',' as Delimiter, cuts = [] as number[], quotes = true } = {}
): CsvRecord[] {
	const reader = new CsvReader(delimiter, { quotes });
	const edges = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
	const records: CsvRecord[] = [];
	let from = 0;
	for (const to of [...edges, text.length]) {
		records.push(...reader.push(text.slice(from, to)));
		from = to;
	}
	return [...records, ...reader.end()];
}

const cell = fc.string({
	unit: fc.constantFrom('a', 'ß', '漢', '"', ',', ';', '\t', '|', ' ', '1', '.', '-', '\n', '\r', '\r\n'),
	maxLength: 8
});
const rows = fc
	.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 12 })
	.map((list) => list.filter((row) => row.some((one) => one.trim() !== '')));
const delimiters = fc.constantFrom<Delimiter>(',', ';', '\t', '|');

describe('CsvReader', () => {
	test('reads back whatever a writer wrote, cut anywhere', () => {
		fc.assert(
			fc.property(
				rows,
				delimiters,
				fc.array(fc.nat(2000), { maxLength: 12 }),
				fc.constantFrom('\n', '\r\n', '\r'),
				fc.boolean(),
				fc.boolean(),
				(given, delimiter, cuts, lineEnd, bom, quoteAll) => {
					const text =
						(bom ? '\ufeff' : '') +
						stringify(given, {
							delimiter,
							record_delimiter: lineEnd,
							quoted: quoteAll,
							quoted_match: /[\r\n"\ufeff]|^$/
						});
					expect(read(text, { delimiter, cuts }).map(({ cells }) => cells)).toEqual(given);
				}
			),
			{ numRuns: 1000 }
		);
	});

	test('the pieces of a text do not matter, whatever the text', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' '), maxLength: 40 }),
				fc.array(fc.nat(40), { maxLength: 10 }),
				fc.boolean(),
				(text, cuts, quotes) => {
					const attempt = (given: number[]) => {
						try {
							return read(text, { cuts: given, quotes });
						} catch (error) {
							return (error as OpenQuote).line;
						}
					};
					expect(attempt(cuts)).toEqual(attempt([]));
				}
			),
			{ numRuns: 2000 }
		);
	});

	test('a record’s line is that of its first character, over quoted line ends and empty lines', () => {
		const text = 'h,i\r\n"two\r\nlines",x\n\n\nplain,y\r"a\nb\nc",z\nlast,1';
		expect(read(text).map(({ line, cells }) => [line, cells[1]])).toEqual([
			[1, 'i'],
			[2, 'x'],
			[6, 'y'],
			[7, 'z'],
			[10, '1']
		]);
	});

	test('a mark inside a bare cell is text', () => {
		expect(read('6" vase,Foam 12"x12"\n').map(({ cells }) => cells)).toEqual([['6" vase', 'Foam 12"x12"']]);
	});

	test('without quotes a mark is a character like any other', () => {
		expect(read('"a\tb"\n"c\td', { delimiter: '\t', quotes: false }).map(({ cells }) => cells)).toEqual([
			['"a', 'b"'],
			['"c', 'd']
		]);
	});

	test('a mark that is never closed names its line', () => {
		expect(() => read('a,b\n1,2\n3,"4\n5,6\n')).toThrow(expect.objectContaining({ line: 3 }));
		expect(() => read(`a,b\n1,"${'x'.repeat(1_100_000)}`)).toThrow(OpenQuote);
	});
});
