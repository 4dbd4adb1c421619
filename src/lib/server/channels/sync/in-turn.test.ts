import { expect, test } from 'vitest';
import { writeInTurn, type Turn } from './in-turn.ts';

async function* batches(...names: string[]): AsyncGenerator<string> {
	yield* names;
}

/** A way to write that keeps a history; `fails` names the tries that end badly. */
function writer(...fails: string[]) {
	const history: string[] = [];
	const write = async (batch: string, turn?: Turn) => {
		const name = turn ? batch : `${batch} alone`;
		history.push(`${name} begins`);
		await Promise.resolve();
		turn?.locked();
		await new Promise((resolve) => setImmediate(resolve));
		if (fails.includes(name)) {
			history.push(`${name} fails`);
			throw new Error(name);
		}
		try {
			await turn?.before();
		} catch (error) {
			history.push(`${name} rolls back`);
			throw error;
		}
		history.push(`${name} commits`);
	};
	return { history, write };
}

const commits = (history: string[]) => history.filter((what) => what.endsWith('commits'));

test('a batch begins before the one ahead of it has ended, and commits after it', async () => {
	const { history, write } = writer();
	await writeInTurn(batches('a', 'b', 'c'), write);
	expect(history.indexOf('b begins')).toBeLessThan(history.indexOf('a commits'));
	expect(history.indexOf('c begins')).toBeGreaterThan(history.indexOf('a commits'));
	expect(commits(history)).toEqual(['a commits', 'b commits', 'c commits']);
});

test('a batch that does not tell its locks has nothing beside it', async () => {
	const history: string[] = [];
	await writeInTurn(batches('a', 'b'), async (batch) => {
		history.push(`${batch} begins`);
		await new Promise((resolve) => setImmediate(resolve));
		history.push(`${batch} commits`);
	});
	expect(history).toEqual(['a begins', 'a commits', 'b begins', 'b commits']);
});

test('where a batch fails, the next one is rolled back and both are written one after the other', async () => {
	const { history, write } = writer('a');
	await writeInTurn(batches('a', 'b', 'c'), write);
	expect(history.indexOf('b rolls back')).toBeLessThan(history.indexOf('a alone begins'));
	expect(commits(history)).toEqual(['a alone commits', 'b alone commits', 'c commits']);
});

test('a failure of the second of two, and of the last, is tried again alone', async () => {
	const { history, write } = writer('b', 'd');
	await writeInTurn(batches('a', 'b', 'c', 'd'), write);
	expect(commits(history)).toEqual(['a commits', 'b alone commits', 'c alone commits', 'd alone commits']);
});

test('what fails alone as well ends the whole, with nothing after it committed', async () => {
	const { history, write } = writer('b', 'b alone');
	await expect(writeInTurn(batches('a', 'b', 'c', 'd'), write)).rejects.toThrow('b alone');
	expect(commits(history)).toEqual(['a commits']);
});

test('where the making of batches breaks off, the one under way is ended first', async () => {
	const { history, write } = writer();
	async function* broken(): AsyncGenerator<string> {
		yield 'a';
		throw new Error('the file ends here');
	}
	await expect(writeInTurn(broken(), write)).rejects.toThrow('the file ends here');
	expect(history.at(-1)).toBe('a commits');
});
