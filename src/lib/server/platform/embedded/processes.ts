import fs from 'node:fs';
import path from 'node:path';

/** True while a process with this id exists, ours or not. */
export function alive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** What a postmaster wrote into its pid file; null without one. */
export function readPidFile(pgdata: string): { pid: number; status: string } | null {
	try {
		const lines = fs.readFileSync(path.join(pgdata, 'postmaster.pid'), 'utf8').split('\n');
		return { pid: Number(lines[0]), status: (lines[7] ?? '').trim() };
	} catch {
		return null;
	}
}

/**
 * Live processes whose working directory is pgdata: the postmaster and its children.
 * The pid file alone proves nothing: its number may be a zombie's or have been given to another process.
 */
export function processesIn(pgdata: string): number[] {
	if (process.platform !== 'linux') {
		const file = readPidFile(pgdata);
		return file && alive(file.pid) ? [file.pid] : [];
	}
	const real = fs.realpathSync(pgdata);
	return fs
		.readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.filter((name) => {
			try {
				return fs.readlinkSync(`/proc/${name}/cwd`) === real;
			} catch {
				return false;
			}
		})
		.map(Number);
}
