import { expect, test } from 'vitest';
import { routeFiles } from '../../../../tests/e2e/route-files.ts';
import { RESERVED, slugCandidates } from './slug.ts';

test('no organization gets an address that is a page of ours', () => {
	const pages = routeFiles().map(({ id }) => id.split('/')[1]!);
	const first = [...new Set(pages)].filter((part) => part !== '' && !part.startsWith('['));
	expect(first).toEqual(expect.arrayContaining(['api', 'ws', 'unsubscribe']));
	expect(first.filter((part) => !RESERVED.has(part))).toEqual([]);
	expect(slugCandidates('WS')[0]).not.toBe('ws');
});
