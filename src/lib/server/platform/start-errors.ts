import fs from 'node:fs';
import path from 'node:path';
import { SettingsError } from './settings.ts';

/** Codes of sockets, name lookup and the clients' own time limits. */
const NO_ANSWER = new Set([
	'ECONNREFUSED',
	'ECONNRESET',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ETIMEDOUT',
	'CONNECT_TIMEOUT',
	'CONNECTION_CLOSED'
]);

/** PostgreSQL's SQLSTATE, ClickHouse's error number. */
const REFUSALS: Record<string, string> = {
	'28P01': 'the server does not accept this user and password.',
	'28000': 'the server does not let this user in from here.',
	'3D000': 'the server has no such database. Create it, or name another.',
	'42501': 'this user may not create roles and tables. Name the owner of the database, with CREATEROLE.',
	'516': 'the server does not accept this user and password.',
	'194': 'the server asks for a password. Write it into the URL.'
};

/**
 * Runs the first work on a store that the operator named; where the store does not answer or refuses, the failure says which setting
 * that is and what to do. The URL itself is not repeated: it may hold a password.
 * @throws SettingsError
 */
export async function blaming<T>(
	setting: 'DATABASE_URL' | 'CLICKHOUSE_URL',
	work: () => Promise<T>
): Promise<T> {
	try {
		return await work();
	} catch (error) {
		const code = codeOf(error);
		if (NO_ANSWER.has(code))
			throw new SettingsError(
				`${setting}: no server answers there (${code}). Check host and port, and that it runs and takes connections from here.`,
				{ cause: error }
			);
		if (REFUSALS[code]) throw new SettingsError(`${setting}: ${REFUSALS[code]}`, { cause: error });
		throw error;
	}
}

/**
 * Makes the folder of everything that must survive.
 * @throws SettingsError where it is no folder that this user may write to
 */
export function openDataDir(folder: string): void {
	try {
		makeFolders(path.resolve(folder));
		fs.accessSync(folder, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
		if (!fs.statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
	} catch (error) {
		throw new SettingsError(
			`DATA_DIR: ${folder} is no folder that this user may write to (${codeOf(error)}). Name another, or change its owner.`,
			{ cause: error }
		);
	}
}

/** Node's own recursive mkdir never ends where a folder takes none, such as /proc. */
function makeFolders(folder: string): void {
	if (fs.existsSync(folder)) return;
	makeFolders(path.dirname(folder));
	try {
		fs.mkdirSync(folder);
	} catch (error) {
		if (codeOf(error) !== 'EEXIST') throw error; // another process was as fast
	}
}

function codeOf(error: unknown): string {
	const { code, cause, errors } = (error ?? {}) as { code?: unknown; cause?: unknown; errors?: unknown[] };
	if (typeof code === 'string' || typeof code === 'number') return String(code);
	return cause ? codeOf(cause) : errors?.length ? codeOf(errors[0]) : '';
}
