import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { alive, processesIn, readPidFile } from '../src/lib/server/platform/embedded/processes.ts';

/** A child on loopback, ended by its own id. */
export interface Child {
	pid: number;
	url: string;
	port: number;
	/** Everything it wrote so far. */
	output(): string;
	/** Highest resident memory seen, bytes (Linux). */
	peakMemory(): number;
	/** Asks it to end and waits; kills it after 20 s. */
	stop(): Promise<void>;
	/** Ends it as a crash would, and waits until it is gone. */
	kill(): Promise<void>;
	/** Resolves with the exit code when it ends by itself. */
	ended: Promise<number | null>;
}

const root = path.resolve(import.meta.dirname, '..');
const running = new Set<ChildProcess>();
// whatever ends us, no child stays behind
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

interface Start {
	args: readonly string[];
	env?: Record<string, string>;
	port: number;
	/** What it prints when it serves. */
	ready: RegExp;
	timeout?: number;
}

/** Starts `node <args>` in the repository and waits until it prints that it is ready. @throws Error with its output */
export async function startChild({ args, env = {}, port, ready, timeout = 60_000 }: Start): Promise<Child> {
	const inherited = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', TMPDIR: os.tmpdir() };
	const child = spawn(process.execPath, args, {
		cwd: root,
		env: { ...inherited, ...env },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	running.add(child);
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => {
			output = (output + text).slice(-4_000_000);
		});
	}
	const ended = new Promise<number | null>((resolve) =>
		child.on('exit', (code) => {
			running.delete(child);
			resolve(code);
		})
	);
	const end = async (signal: NodeJS.Signals) => {
		if (child.exitCode === null && child.signalCode === null) child.kill(signal);
		const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
		await ended;
		clearTimeout(late);
	};
	const started: Child = {
		pid: child.pid!,
		port,
		url: `http://127.0.0.1:${port}`,
		output: () => output,
		ended,
		peakMemory: () => peakMemory(child.pid!),
		stop: () => end('SIGTERM'),
		kill: () => end('SIGKILL')
	};
	let over = false;
	void ended.then(() => (over = true));
	for (const deadline = Date.now() + timeout; !ready.test(output); await sleep(5)) {
		if (over || Date.now() > deadline) {
			await end('SIGKILL');
			throw new Error(
				`node ${args.join(' ')} ${over ? 'ended' : 'was not ready in time'}. Its last words:\n${output.slice(-4000)}`
			);
		}
	}
	return started;
}

/** Where planted shops are looked for: nothing answers there, and nothing of ours leaves the machine. */
const NOBODY = 'http://127.0.0.1:9';

/** Starts the built app on loopback, with its own data directory and without the demo. */
export async function startApp(given: {
	dataDir: string;
	port?: number;
	env?: Record<string, string>;
	args?: string[];
}): Promise<Child> {
	for (let tries = 1; ; tries++) {
		const port = given.port ?? (await freePort());
		const env = {
			HOST: '127.0.0.1',
			PORT: String(port),
			DATA_DIR: given.dataDir,
			DEMO: 'off',
			LOG_LEVEL: 'warn',
			SHOPIFY_API_URL: NOBODY,
			...given.env
		};
		const args = [...(given.args ?? []), 'server.js'];
		try {
			return await startChild({ args, env, port, ready: /Tidemark is running at/ });
		} catch (error) {
			// another test may have taken the port since it was looked at
			if (given.port || tries === 3 || !/Port \d+ is taken/.test((error as Error).message)) throw error;
		}
	}
}

/** Ends the PostgreSQL that a killed app left behind in this data directory. */
export async function stopOrphan(dataDir: string): Promise<void> {
	const pgdata = path.join(dataDir, 'postgres');
	if (!fs.existsSync(pgdata)) return;
	const pid = readPidFile(pgdata)?.pid;
	if (pid && processesIn(pgdata).includes(pid)) process.kill(pid, 'SIGINT');
	for (let waited = 0; waited < 10_000 && processesIn(pgdata).length > 0; waited += 20) await sleep(20);
	for (const left of processesIn(pgdata)) if (alive(left)) process.kill(left, 'SIGKILL');
}

/** A folder for one run, gone after it. */
export function temporaryFolder(name: string): { path: string; remove(): Promise<void> } {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), `bench-${name}-`));
	return {
		path: folder,
		remove: async () => {
			await stopOrphan(folder);
			fs.rmSync(folder, { recursive: true, force: true });
		}
	};
}

/** A port that nothing listens on, from the range of the benches. */
export async function freePort(): Promise<number> {
	const first = 5305 + Math.floor(Math.random() * 90);
	for (let port = first; port < first + 90; port++) {
		const candidate = 5305 + ((port - 5305) % 90);
		const free = await new Promise<boolean>((resolve) => {
			const probe = net.createServer();
			probe.once('error', () => resolve(false));
			probe.listen(candidate, '127.0.0.1', () => probe.close(() => resolve(true)));
		});
		if (free) return candidate;
	}
	throw new Error('No free port between 5305 and 5394.');
}

function peakMemory(pid: number): number {
	try {
		const line = /^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
		return Number(line?.[1] ?? 0) * 1024;
	} catch {
		return 0; // not Linux, or gone
	}
}
