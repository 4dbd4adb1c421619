import { expect, test } from 'vitest';
import { assertAccepted } from './accept.ts';

const JSON_TYPE = 'application/json';
const refused = (accept: string | null, type = JSON_TYPE) => {
	try {
		assertAccepted(accept, type);
		return false;
	} catch (error) {
		expect(error).toMatchObject({ status: 406, code: 'not_acceptable' });
		return true;
	}
};

test('what programmes send by themselves is taken', () => {
	const usual = [
		null,
		'',
		'*/*',
		'application/json, text/plain, */*',
		'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
		'APPLICATION/JSON',
		'application/*',
		'application/json;charset=utf-8',
		'application/json; q=0.1, text/html',
		'application/json, application/problem+json',
		'no media type'
	];
	expect(usual.filter((accept) => refused(accept))).toEqual([]);
});

test('what leaves no room for the answer is refused', () => {
	for (const accept of [
		'application/xml',
		'text/html',
		'text/*',
		'application/json;q=0',
		'application/json;q=0.000, application/xml',
		'*/*;q=0',
		'application/json;q=0, */*'
	])
		expect([accept, refused(accept)]).toEqual([accept, true]);
	expect(refused('application/*;q=0, application/json')).toBe(false);
});

test('exports and streams are asked for by their own types', () => {
	expect(refused('text/csv', 'text/csv')).toBe(false);
	expect(refused('text/event-stream', 'text/event-stream')).toBe(false);
	expect(refused('application/json', 'text/csv')).toBe(true);
	expect(refused('text/event-stream')).toBe(true);
});
