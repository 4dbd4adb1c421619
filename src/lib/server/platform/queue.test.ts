import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkRegistry, type JobContract } from './queue.ts';

const contract = (name: string): JobContract => ({ name, payload: z.object({}) });
const handler = (name: string) => ({ contract: contract(name), run: async () => {} });

test('one handler for each job passes', () => {
	expect(checkRegistry([contract('a'), contract('b')], [handler('b'), handler('a')]).size).toBe(2);
});

test.each([
	['a job without a handler', [contract('a')], [], /a has no handler/],
	['a handler without a job', [], [handler('a')], /belongs to no declared job/],
	['two handlers', [contract('a')], [handler('a'), handler('a')], /Two handlers/],
	['two jobs of one name', [contract('a'), contract('a')], [handler('a')], /declared twice/]
])('%s refuses to start', (_case, contracts, handlers, message) => {
	expect(() => checkRegistry(contracts, handlers)).toThrow(message);
});
