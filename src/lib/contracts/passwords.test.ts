import { expect, test } from 'vitest';
import { passwordProblem, passwordStrength } from './passwords.ts';

test.each([
	'',
	'short',
	'ninechars',
	'1234567890',
	'0987654321',
	'password123',
	'Password123!',
	'P@ssw0rd2026',
	'qwertyuiop',
	'qwerty12345',
	'aaaaaaaaaaaa',
	'abcabcabcabc',
	'abcdefghij',
	'iloveyou2024',
	'letmein!!!!',
	'passwordpassword',
	'tidemark2026',
	'Welcome1234',
	'1qaz2wsx3edc',
	'2026-11-22!',
	'....,,,,....',
	'mara@example.com',
	'xmara.okafor1'
])('refuses %j', (password) => {
	expect(
		passwordProblem(password, password.includes('okafor') ? 'mara.okafor@example.com' : 'mara@example.com')
	).not.toBeNull();
});

test.each([
	'seven brown lamps',
	'mara keeps 40 ducks',
	'Zürich liegt am See',
	'東京の夏はとても暑いです',
	'k3v9-x2pq-77ab',
	'correct horse battery',
	'       spaces count       x7'
])('takes %j as typed', (password) => {
	expect(passwordProblem(password, 'mara@example.com')).toBeNull();
});

test('length is counted in characters and has an end', () => {
	expect(passwordProblem('🦆🐢🦔🐙🦑🐝🐌🦋🐛', '')).toMatch(/at least 10/);
	expect(passwordProblem('the quick brown '.repeat(13), '')).toMatch(/at most 200/);
});

test.each([
	['seven brown lamps', 'strong'],
	['k3v9-x2pq-77ab', 'strong'],
	['sevenlamps', 'fair'],
	['blueducks77', 'fair']
])('%j is %s', (password, word) => {
	expect(passwordStrength(password)).toBe(word);
});
