import { expect, test } from 'vitest';
import { fieldsOf, indented } from './reference.ts';

test('inner objects stand below their own line, behind references, lists and null too', () => {
	const document = {
		components: {
			schemas: { Mug: { type: 'object', properties: { color: { type: 'string' } }, required: ['color'] } }
		}
	};
	const rows = fieldsOf(document, {
		type: 'object',
		required: ['data'],
		properties: {
			data: { type: 'array', items: { $ref: '#/components/schemas/Mug' } },
			best: { anyOf: [{ $ref: '#/components/schemas/Mug' }, { type: 'null' }] }
		}
	});
	expect(rows.map(({ name, depth, type, required }) => [name, depth, type, required])).toEqual([
		['data', 0, 'list of object', true],
		['color', 1, 'string', true],
		['best', 0, 'object or null', false],
		['color', 1, 'string', true]
	]);
});

test('indenting keeps the digits', () => {
	expect(indented('{"total":12.50,"lines":[],"name":"a, {b}: \\"c\\""}')).toBe(
		'{\n  "total": 12.50,\n  "lines": [],\n  "name": "a, {b}: \\"c\\""\n}'
	);
	expect(indented('[1,2]')).toBe('[\n  1,\n  2\n]');
});
