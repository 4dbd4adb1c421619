import type { z } from 'zod';

/** How a library's own message begins: those of our schemas are said in words already. */
const OWN = /^(Invalid|Too (big|small)|Unrecognized|Expected)/;

/** What is wrong with a field and the fix, in words. */
export function wordsOf(issue: z.core.$ZodIssue): string {
	if (!OWN.test(issue.message)) return issue.message;
	switch (issue.code) {
		case 'invalid_type':
			return issue.expected === 'never'
				? 'does not belong here. Leave it out.'
				: `must be ${KINDS[issue.expected] ?? issue.expected}.`;
		case 'too_big':
			return `must ${bound(issue.origin, 'at most', Number(issue.maximum))}.`;
		case 'too_small':
			return `must ${bound(issue.origin, 'at least', Number(issue.minimum))}.`;
		case 'invalid_value':
			return `must be one of ${issue.values.map(String).join(', ')}.`;
		case 'not_multiple_of':
			return `must be a multiple of ${issue.divisor}.`;
		case 'invalid_format':
			return issue.format === 'regex'
				? 'has not the form that is asked for.'
				: `must be a valid ${issue.format}.`;
		default:
			return issue.message;
	}
}

/** Says what to send where a field is missing or of another kind; what else is wrong with it is said in the usual words. */
export function askingFor(words: string) {
	return { error: (issue: { code?: string }) => (issue.code === 'invalid_type' ? words : undefined) };
}

const KINDS: Record<string, string> = {
	string: 'a text',
	number: 'a number',
	int: 'a whole number',
	boolean: 'true or false',
	array: 'a list',
	object: 'an object'
};

function bound(origin: string, how: string, limit: number): string {
	if (origin === 'string') return `have ${how} ${limit} characters`;
	if (origin === 'array') return `have ${how} ${limit} entries`;
	return `be ${how} ${limit}`;
}
