import { beforeAll, expect, test } from 'vitest';
import { useRunning } from '../platform/running.ts';
import { parseSettings } from '../platform/settings.ts';
import { takePlace } from './places.ts';

beforeAll(() =>
	useRunning({
		settings: parseSettings({ STREAMS_PER_MEMBER: '2', STREAMS_PER_ORGANIZATION: '3' }),
		secretKey: ''
	})
);

test('members and organizations have so many places; a place given back twice counts once', () => {
	const leave = [takePlace('a', 'ann'), takePlace('a', 'ann'), takePlace('a', 'bob')];
	expect(() => takePlace('a', 'ann')).toThrow('You have 2 streams open');
	expect(() => takePlace('a', 'cy')).toThrow('The organization has 3 streams open');
	// the same person elsewhere
	takePlace('b', 'ann')();
	leave[0]!();
	leave[0]!();
	leave.push(takePlace('a', 'ann'));
	expect(() => takePlace('a', 'cy')).toThrow();
	for (const one of leave) one();
	const visitors = Array.from({ length: 3 }, () => takePlace('a', null));
	expect(() => takePlace('a', null)).toThrow('The organization has 3');
	for (const one of visitors) one();
	takePlace('a', 'ann')();
});
