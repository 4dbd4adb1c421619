import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { log } from './log.ts';

/** One command for the operator's tools. `emit` sends a progress line; the answer is the last line. */
export type AdminCommand = (
	input: Record<string, unknown>,
	emit: (progress: unknown) => void
) => Promise<unknown>;

const held = globalThis as unknown as { tidemarkAdminCommands?: Map<string, AdminCommand> };
const commands: Map<string, AdminCommand> = (held.tidemarkAdminCommands ??= new Map());

/** Makes a command callable while the app runs. */
export function registerAdminCommand(name: string, command: AdminCommand): void {
	commands.set(name, command);
}

/**
 * Listens on DATA_DIR/admin.sock, readable by our own user only: who can open it may administer.
 * Each answer is lines of JSON: `{"progress":…}` any number of times, then `{"result":…}` or `{"error":"…"}`.
 */
export async function startAdminSocket(dataDir: string): Promise<{ close(): Promise<void> }> {
	const file = path.join(dataDir, 'admin.sock');
	fs.rmSync(file, { force: true });
	const server = http.createServer((request, response) => void answer(request, response));
	const { name, release } = reachableName(file);
	await new Promise<void>((resolve, reject) => server.once('error', reject).listen(name, resolve));
	release();
	fs.chmodSync(file, 0o600);
	return {
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
				fs.rmSync(file, { force: true });
			})
	};
}

async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
	const send = (line: unknown) => response.write(JSON.stringify(line) + '\n');
	const name = decodeURIComponent((request.url ?? '/').slice(1));
	try {
		const command = commands.get(name);
		if (!command)
			throw new Error(`Unknown command ${name}. Known: ${[...commands.keys()].sort().join(', ')}.`);
		let body = '';
		for await (const chunk of request) body += chunk;
		send({ result: (await command(body ? JSON.parse(body) : {}, (progress) => send({ progress }))) ?? null });
	} catch (error) {
		log.error({ err: error, command: name }, 'admin command failed');
		send({ error: (error as Error).message });
	}
	response.end();
}

/**
 * Calls a command of the app that runs on this data directory; null when none runs.
 * @throws Error with the app's message when the command failed
 */
export async function callAdmin<T>(
	dataDir: string,
	command: string,
	input: Record<string, unknown> = {},
	onProgress: (progress: unknown) => void = () => {}
): Promise<{ result: T } | null> {
	const file = path.join(dataDir, 'admin.sock');
	if (!fs.existsSync(file)) return null;
	const { name, release } = reachableName(file);
	try {
		const response = await new Promise<http.IncomingMessage | null>((resolve, reject) => {
			const request = http.request(
				{ socketPath: name, path: `/${encodeURIComponent(command)}`, method: 'POST' },
				resolve
			);
			request.on('error', (error: NodeJS.ErrnoException) =>
				['ECONNREFUSED', 'ENOENT'].includes(error.code ?? '') ? resolve(null) : reject(error)
			);
			request.end(JSON.stringify(input));
		});
		if (!response) return null;
		for await (const line of createInterface({ input: response })) {
			const message = JSON.parse(line) as { progress?: unknown; result?: T; error?: string };
			if (message.error !== undefined) throw new Error(message.error);
			if ('result' in message) return { result: message.result as T };
			onProgress(message.progress);
		}
		throw new Error('The app ended before it answered.');
	} finally {
		release();
	}
}

/** A socket's path may have at most 107 bytes; on Linux an open folder gives a short name to a long one. */
function reachableName(file: string): { name: string; release(): void } {
	if (Buffer.byteLength(file) < 100 || process.platform !== 'linux') return { name: file, release: () => {} };
	const folder = fs.openSync(path.dirname(file), 'r');
	return { name: `/proc/self/fd/${folder}/${path.basename(file)}`, release: () => fs.closeSync(folder) };
}
