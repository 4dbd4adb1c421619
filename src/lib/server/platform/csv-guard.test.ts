import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guarded, unguarded } from './csv-guard.ts';

test('what a spreadsheet would compute is marked as text', () => {
	for (const text of [
		'=1+1',
		'+1',
		'-1',
		'@sum',
		'\t=1',
		'\r=1',
		'\n=1',
		' =1',
		'\u00a0=1',
		'\ufeff=1',
		'＝1',
		'＋1',
		'－1',
		'＠a'
	])
		expect(guarded(text)).toBe(`'${text}`);
	for (const text of ['', 'Mug', '1=1', "'=1", 'a-b', '#1001', '‒1']) expect(guarded(text)).toBe(text);
	expect(guarded(null)).toBe('');
});

test('what is read back is what was written', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			fc.pre(!/^'+\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/.test(text));
			expect(unguarded(guarded(text))).toBe(text);
		})
	);
	expect(unguarded("'=A")).toBe('=A');
	expect(unguarded("'s Heren")).toBe("'s Heren");
});
