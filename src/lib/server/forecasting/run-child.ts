import { execFile, fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { log } from '../platform/log.ts';
import { partsOfJob } from './child/pieces.ts';
import type { Job, Told } from './child/protocol.ts';

/** A child that holds more memory than this ends itself. */
export const MOST_MB = 1_500;
/** Of its heap proper; typed arrays and wasm lie outside and are watched. */
const HEAP_MB = 768;
/** Longest part of an error's text that is kept. */
const COMPLAINT = 2_000;

/** The child ended without an answer, or said that it could not go on. */
export class ChildFailed extends Error {
	override name = 'ChildFailed';
}

export interface Used {
	cpuSeconds: number;
	peakMb: number;
	/** What the network computed on: wasm, or the native tensorflow; null where there was no network. */
	backend: string | null;
}

/**
 * Does one job in a process of its own at low priority; it sees no secrets and no stores, and ends with us, even when we are killed. `told` is
 * called for each message in order, each after the one before was dealt with.
 * @throws ChildFailed when it crashed or gave up; the reason of `signal` when that was aborted, after the child is gone
 */
export async function runChild(
	job: Job,
	told: (message: Told) => Promise<void> | void,
	signal: AbortSignal
): Promise<Used> {
	const before = await gently(job.kind === 'one');
	signal.throwIfAborted();
	// from the sources, built or not: Node reads TypeScript
	const child = fork(path.resolve('src/lib/server/forecasting/child/main.ts'), [], {
		serialization: 'advanced',
		execPath: before[0] ?? process.execPath,
		execArgv: [
			...(before.length > 0 ? [...before.slice(1), process.execPath] : []),
			`--max-old-space-size=${HEAP_MB}`,
			'--disable-warning=ExperimentalWarning'
		],
		env: { PATH: process.env.PATH, TZ: 'UTC' },
		stdio: ['ignore', 'ignore', 'pipe', 'ipc']
	});
	let complaint = '';
	child.stderr!.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-COMPLAINT)));
	const kill = () => child.kill('SIGKILL');
	signal.addEventListener('abort', kill, { once: true });
	let used: Used | null = null;
	let failed: string | null = null;
	let broken: unknown = null;
	let queue = Promise.resolve();
	child.on('message', (message: Told) => {
		if (message.type === 'used') used = message;
		else if (message.type === 'failed') failed = message.message;
		else
			queue = queue
				.then(() => (broken === null ? told(message) : undefined))
				.catch((error: unknown) => {
					broken ??= error;
					kill();
				});
	});
	try {
		const ended = new Promise<string>((resolve, reject) => {
			child.once('error', reject);
			child.once('close', (code, by) => resolve(by ?? String(code)));
		});
		await Promise.race([ended, sendInParts(child, job)]);
		const how = await ended;
		await queue;
		signal.throwIfAborted();
		if (broken !== null) throw broken;
		if (used && failed === null) return used;
		log.warn({ how, failed, complaint: complaint.trim() }, 'a forecast process failed');
		throw new ChildFailed(failed ?? `The process ended (${how}).`);
	} finally {
		signal.removeEventListener('abort', kill);
		kill();
	}
}

/** What sets a command's priority before it begins, the gentlest first. */
const LOWEST = [
	['chrt', '--idle', '0'],
	['nice', '-n', '19']
];
/** Somebody waits for this one. */
const WAITED_FOR = [['nice', '-n', '5']];
const found = new Map<string[][], Promise<string[]>>();

/**
 * The command to put before the child's, empty where the system has none. A process that lowers its own priority leaves the threads that Node has
 * begun by then where they were, and these collect garbage and compile.
 */
function gently(isWaitedFor: boolean): Promise<string[]> {
	const wanted = isWaitedFor ? WAITED_FOR : LOWEST;
	let known = found.get(wanted);
	if (!known) found.set(wanted, (known = firstThatWorks(wanted)));
	return known;
}

async function firstThatWorks(commands: string[][]): Promise<string[]> {
	for (const [command, ...args] of commands) {
		const works = await promisify(execFile)(command!, [...args, process.execPath, '--version']).then(
			() => true,
			() => false
		);
		if (works) return [command!, ...args];
	}
	return [];
}

/** One part after the other, each when the one before has left: the server breathes in between. What cannot be sent is seen at the child's end. */
async function sendInParts(child: ChildProcess, job: Job): Promise<void> {
	for (const part of partsOfJob(job)) {
		const sent = await new Promise<boolean>((resolve) =>
			child.connected ? child.send(part, (error) => resolve(!error)) : resolve(false)
		);
		if (!sent) return;
	}
}
