import { expect, test } from 'vitest';
import { openApi } from '#lib/server/api/index.ts';
import { fieldsOf, indented, queryOf, sectionsOf } from './reference.ts';

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

test('several categories are sent one by one, with the commas they hold', () => {
	const { parameters } = sectionsOf(openApi())
		.flatMap(({ operations }) => operations)
		.find(({ id }) => id === 'getRevenue')!;
	expect(parameters.filter(({ each }) => each).map(({ name }) => name)).toEqual(['categories']);
	const query = queryOf(parameters, {
		range: 'last-7-days',
		channels: 'amazon,shopify',
		categories: 'Clothing, Shoes & Jewelry\n  Mugs \n\n',
		from: ''
	});
	expect(query.getAll('categories')).toEqual(['Clothing, Shoes & Jewelry', 'Mugs']);
	expect([...query.keys()]).toEqual(['range', 'channels', 'categories', 'categories']);
	expect(query.get('channels')).toBe('amazon,shopify');
});
