import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverBinaries, serverIdentity, type Identity } from './binaries.ts';
import { alive, processesIn, readPidFile } from './processes.ts';

/** A running private PostgreSQL, reached over a unix socket only. `adopted` when it outlived the process that started it. */
export interface EmbeddedPostgres {
	host: string;
	port: number;
	user: string;
	password: string;
	pid: number;
	adopted: boolean;
	stop(): Promise<void>;
	stopNow(): void;
}

const START_TIMEOUT_MS = 60_000;

/**
 * Starts PostgreSQL on `<dataDir>/postgres`, creating it at the first start and adopting one that survived a crash of ours.
 * @throws Error with the place of the log when the server does not start
 */
export async function startEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
	const identity = serverIdentity();
	const native = serverBinaries(identity);
	const pgdata = path.join(dataDir, 'postgres');
	const passwordFile = path.join(dataDir, 'postgres.password');
	const socketDir = ownedFolder(
		path.join(os.tmpdir(), `tidemark-${sha1(path.resolve(dataDir)).slice(0, 10)}`),
		identity
	);

	if (!fs.existsSync(path.join(pgdata, 'PG_VERSION')))
		initialize(native, pgdata, passwordFile, socketDir, identity);
	const connection = {
		host: socketDir,
		port: 5432,
		user: 'postgres',
		password: fs.readFileSync(passwordFile, 'utf8').trim()
	};

	const orphan = await findOrphan(pgdata);
	const pid =
		orphan ?? (await launch(native, pgdata, socketDir, path.join(dataDir, 'postgres.log'), identity));
	return {
		...connection,
		pid,
		adopted: orphan !== null,
		stopNow() {
			if (alive(pid)) process.kill(pid, 'SIGINT');
		},
		async stop() {
			if (!alive(pid)) return;
			process.kill(pid, 'SIGINT'); // the fast shutdown
			for (let waited = 0; waited < 10_000 && alive(pid); waited += 5) await sleep(5);
			if (alive(pid)) process.kill(pid, 'SIGQUIT');
		}
	};
}

/**
 * How the server names its data directory. As another user it may not be allowed to walk the path (a clone in /root),
 * but its working directory, set before the change of user, stays open to it: /proc/self/cwd is that directory without the walk.
 */
function dataArgument(pgdata: string, identity: Identity): string {
	return identity.uid !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : pgdata;
}

function initialize(
	native: string,
	pgdata: string,
	passwordFile: string,
	scratch: string,
	identity: Identity
): void {
	fs.rmSync(pgdata, { recursive: true, force: true });
	ownedFolder(pgdata, identity);
	const password = randomBytes(24).toString('base64url');
	fs.writeFileSync(passwordFile, password, { mode: 0o600 });
	const handover = path.join(scratch, 'password');
	fs.writeFileSync(handover, password + '\n', { mode: 0o600 });
	if (identity.uid !== undefined) fs.chownSync(handover, identity.uid, identity.gid!);
	const options = [
		'-D',
		dataArgument(pgdata, identity),
		'-U',
		'postgres',
		'--auth=scram-sha-256',
		`--pwfile=${handover}`,
		'--encoding=UTF8',
		'--locale-provider=builtin',
		'--builtin-locale=C.UTF-8',
		'--locale=C',
		'--no-instructions'
	];
	const result = spawnSync(path.join(native, 'bin', 'initdb'), options, {
		...identity,
		cwd: pgdata,
		encoding: 'utf8',
		env: { PATH: process.env.PATH, TZ: 'UTC' }
	});
	fs.rmSync(handover, { force: true });
	if (result.status === 0) return;
	fs.rmSync(pgdata, { recursive: true, force: true });
	throw new Error(
		`PostgreSQL could not create its files in ${pgdata}: ${result.error?.message ?? result.stderr}`
	);
}

async function launch(
	native: string,
	pgdata: string,
	socketDir: string,
	logFile: string,
	identity: Identity
): Promise<number> {
	const log = fs.openSync(logFile, 'a');
	const settings = {
		listen_addresses: '',
		unix_socket_permissions: '0700',
		shared_buffers: '256MB',
		max_connections: '100',
		timezone: 'UTC',
		log_timezone: 'UTC',
		recovery_init_sync_method: process.platform === 'linux' ? 'syncfs' : 'fsync',
		wal_compression: 'on',
		max_wal_size: '4GB',
		random_page_cost: '1.1',
		effective_io_concurrency: process.platform === 'linux' ? '16' : '0',
		jit: 'off',
		// a first sync fills empty tables within seconds: plans need statistics sooner than the default minute
		autovacuum_naptime: '10s'
	};
	const args = ['-D', dataArgument(pgdata, identity), '-p', '5432', '-k', socketDir];
	for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
	const child = spawn(path.join(native, 'bin', 'postgres'), args, {
		...identity,
		cwd: pgdata,
		detached: true,
		stdio: ['ignore', log, log],
		env: { PATH: process.env.PATH, TZ: 'UTC' }
	});
	fs.closeSync(log);
	let failure: string | null = null;
	child.on('error', (error) => (failure = error.message));
	child.on('exit', (code, signal) => (failure = `it ended with ${signal ?? code}`));
	child.unref();
	for (let waited = 0; waited < START_TIMEOUT_MS; waited += 5) {
		if (failure) throw new Error(`PostgreSQL did not start: ${failure}. Its log is ${logFile}.`);
		const file = readPidFile(pgdata);
		if (file && file.pid === child.pid && file.status === 'ready') {
			child.removeAllListeners('exit');
			return file.pid;
		}
		await sleep(5);
	}
	throw new Error(`PostgreSQL was not ready after ${START_TIMEOUT_MS / 1000} s. Its log is ${logFile}.`);
}

/** The pid of a postmaster that still serves pgdata, or null once nothing does. */
async function findOrphan(pgdata: string): Promise<number | null> {
	const file = readPidFile(pgdata);
	if (!file) return null;
	if (alive(file.pid) && processesIn(pgdata).includes(file.pid)) return file.pid;
	for (let waited = 0; waited < 10_000 && processesIn(pgdata).length > 0; waited += 10) await sleep(10); // backends end by themselves
	if (processesIn(pgdata).length > 0)
		throw new Error(`Processes without a postmaster still use ${pgdata}; end them first.`);
	fs.rmSync(path.join(pgdata, 'postmaster.pid'), { force: true });
	return null;
}

function ownedFolder(dir: string, identity: Identity): string {
	fs.mkdirSync(dir, { recursive: true });
	if (identity.uid !== undefined) fs.chownSync(dir, identity.uid, identity.gid!);
	fs.chmodSync(dir, 0o700);
	return dir;
}

function sha1(text: string): string {
	return createHash('sha1').update(text).digest('hex');
}
