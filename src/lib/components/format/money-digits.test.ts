import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { money } from './money.ts';

const roots = ['src/lib/components', 'src/routes'];
const sources = roots.flatMap((root) =>
	fs
		.readdirSync(root, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.svelte') && !name.includes('(dev)'))
		.map((name) => path.join(root, name))
);

test('an amount in a currency of three digits keeps them', () => {
	expect(money(12.345, 'KWD', 'en-US')).toBe('KWD\u00a012.345');
	expect(money(0.1 + 0.2, 'USD')).toBe('$0.30');
});

// the currency knows its digits: rounding to cents first makes KWD 12.345 into 12.350 in every tooltip
test.each(sources)('%s leaves the digits of money to its currency', (file) => {
	const text = fs.readFileSync(file, 'utf8');
	expect(text.match(/(?:money|metricValue)\(\s*\w+\.toFixed\((?:2|[^)]*: 2)\)[^\n]*/g) ?? []).toEqual([]);
});
