import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openDocument, tabRows, textOf } from './report-document.ts';

async function rowsOf(bytes: Buffer): Promise<Record<string, string>[]> {
	const rows: Record<string, string>[] = [];
	for await (const row of tabRows(await openDocument(bytes, null))) rows.push(row);
	return rows;
}

test('rows by the names of the header, whatever ends a line, with and without a mark at the beginning', async () => {
	const text = '\ufeffOrder-ID\tSKU\tName\r\n1\tA\t"x\r\n\r\n2\t\tÄpfel';
	const rows = [
		{ 'order-id': '1', sku: 'A', name: '"x' },
		{ 'order-id': '2', name: 'Äpfel' }
	];
	expect(await rowsOf(Buffer.from(text))).toEqual(rows);
	expect(await rowsOf(gzipSync(text))).toEqual(rows);
});

test('letters that a slice cuts in two stay whole, and so do lines', async () => {
	const lines = Array.from({ length: 40_000 }, (_, n) => `${n}\t${'é漢'.repeat((n % 7) + 1)}`);
	const rows = await rowsOf(gzipSync(`n\tname\n${lines.join('\n')}\n`));
	expect(rows.map(({ n, name }) => `${n}\t${name}`)).toEqual(lines);
});

test.each([
	['named by the headers', 'text/plain;charset=ISO-8859-1', Buffer.from('Zoë', 'latin1'), 'Zoë'],
	['UTF-8', null, Buffer.from('Zoë'), 'Zoë'],
	['Japanese', null, Buffer.from([0x83, 0x65, 0x83, 0x58, 0x83, 0x67]), 'テスト'],
	['Western', null, Buffer.from('Zoë €'.replace('€', '\x80'), 'latin1'), 'Zoë €'],
	['a charset that nobody knows', 'text/plain;charset=klingon', Buffer.from('plain'), 'plain']
])('the letters of a report: %s', async (_name, type, bytes, text) => {
	expect(await textOf(await openDocument(bytes, type))).toBe(text);
});

test('a packed report that broke off is refused', async () => {
	const bytes = gzipSync('n\tname\n'.repeat(10_000));
	await expect(openDocument(bytes.subarray(0, bytes.length - 20), null)).rejects.toThrow('unexpected end');
});
