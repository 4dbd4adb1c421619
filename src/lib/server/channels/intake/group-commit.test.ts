import { afterEach, expect, test, vi } from 'vitest';
import { Unavailable } from '../../platform/errors.ts';
import { groupCommit } from './group-commit.ts';

const options = { batch: 3, waiting: 5, bytes: 100, patience: 1_000 };

afterEach(() => vi.useRealTimers());

test('what comes together is committed together, in groups of at most a batch, and each caller gets its own result', async () => {
	const sizes: number[] = [];
	const { submit } = groupCommit<number, number>({
		...options,
		commit: async (items) => {
			sizes.push(items.length);
			return items.map((item) => item * 10);
		}
	});
	expect(await Promise.all([1, 2, 3, 4].map((item) => submit(item, 1)))).toEqual([10, 20, 30, 40]);
	expect(sizes).toEqual([3, 1]);
	expect(await submit(5, 1)).toBe(50);
});

test('a group that is refused is refused for its callers only', async () => {
	const { submit } = groupCommit<number, number>({
		...options,
		batch: 1,
		commit: async ([item]) => {
			if (item === 1) throw new Error('no');
			return [item!];
		}
	});
	const [first, second] = await Promise.allSettled([submit(1, 1), submit(2, 1)]);
	expect(first).toMatchObject({ status: 'rejected', reason: { message: 'no' } });
	expect(second).toEqual({ status: 'fulfilled', value: 2 });
});

test('beyond what may wait, in number or bytes, callers are told to come back', async () => {
	const { submit } = groupCommit<number, number>({ ...options, commit: () => new Promise(() => {}) });
	for (let n = 0; n < 5; n++) submit(n, 10).catch(() => {});
	await expect(submit(6, 10)).rejects.toThrow(Unavailable);
	const { submit: heavy } = groupCommit<number, number>({ ...options, commit: () => new Promise(() => {}) });
	await expect(heavy(1, 101)).rejects.toThrow(Unavailable);
});

test('a commit that never ends holds up nobody behind it', async () => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	let calls = 0;
	const { submit } = groupCommit<number, number>({
		...options,
		commit: (items) => (++calls === 1 ? new Promise(() => {}) : Promise.resolve([...items]))
	});
	const stuck = submit(1, 1);
	const refused = expect(stuck).rejects.toThrow(Unavailable);
	await new Promise((resolve) => setImmediate(resolve));
	const behind = submit(2, 1);
	await vi.advanceTimersByTimeAsync(1_000);
	await refused;
	expect(await behind).toBe(2);
});
