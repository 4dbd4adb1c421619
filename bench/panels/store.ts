import fs from 'node:fs';
import path from 'node:path';
import type { Sql } from 'postgres';
import { rebuildOrganization } from '../../src/lib/server/analytics/projection/rebuild.ts';
import { readApplied } from '../../src/lib/server/analytics/projection/state.ts';
import { bootPlatform, type Platform } from '../../src/lib/server/platform/boot.ts';
import { useRunning } from '../../src/lib/server/platform/running.ts';
import { parseSettings } from '../../src/lib/server/platform/settings.ts';
import { temporaryFolder } from '../process.ts';
import { openStore } from '../tenants.ts';
import { makeSeller, withoutIndexes, type Seller } from './generate.ts';

/** Both stores, filled. `big` has about the lines that were asked for, `small` a hundredth, and three like it stand beside. */
export interface Filled {
	folder: string;
	big: Seller;
	small: Seller;
	/** Seconds that filling took; 0 where a folder of an earlier run was used. */
	seconds: { generate: number; rebuild: number };
}

export interface Open extends Filled {
	platform: Platform;
	sql: Sql;
	close(): Promise<void>;
}

const MARK = 'bench-sellers.json';
const SMALL = 4;

/**
 * Opens the stores of `folder`, or of a temporary one that goes with the run, and fills them where they are not filled with that
 * many lines: rows in PostgreSQL, and ClickHouse from them by the product's own rebuild.
 */
export async function openFilled(lines: number, folder: string | undefined): Promise<Open> {
	const temporary = folder ? null : temporaryFolder('panels');
	const dataDir = path.resolve(folder ?? temporary!.path);
	const mark = path.join(dataDir, MARK);
	const before = fs.existsSync(mark) ? (JSON.parse(fs.readFileSync(mark, 'utf8')) as Filled) : null;
	if (before && before.big.lines !== lines)
		throw new Error(
			`${dataDir} holds ${before.big.lines} lines. Take another folder, or --lines ${before.big.lines}.`
		);
	const platform = await bootPlatform(parseSettings({ DATA_DIR: dataDir, LOG_LEVEL: 'warn' }));
	useRunning(platform);
	const sql = openStore(dataDir, 3);
	const close = async () => {
		await sql.end({ timeout: 2 });
		await platform.stop();
		await temporary?.remove();
	};
	try {
		const filled = before ?? (await fill(sql, dataDir, lines));
		fs.writeFileSync(mark, JSON.stringify(filled));
		await project(filled);
		fs.writeFileSync(mark, JSON.stringify(filled));
		return { ...filled, platform, sql, close };
	} catch (error) {
		await close();
		throw error;
	}
}

async function fill(sql: Sql, folder: string, lines: number): Promise<Filled> {
	const began = performance.now();
	const at = new Date();
	console.error(`filling PostgreSQL with ${lines.toLocaleString('en-US')} order lines`);
	const [big, ...small] = await withoutIndexes(sql, async () => {
		const made = [await makeSeller(sql, 'Big seller', lines, at)];
		for (let n = 1; n <= SMALL; n++)
			made.push(await makeSeller(sql, `Small seller ${n}`, Math.max(3000, Math.round(lines / 100)), at));
		return made;
	});
	return { folder, big: big!, small: small[0]!, seconds: { generate: seconds(began), rebuild: 0 } };
}

/** ClickHouse from PostgreSQL where it is not there: for a new folder, or after a migration that emptied it. */
async function project(filled: Filled): Promise<void> {
	const applied = await readApplied([filled.big.id, filled.small.id]);
	const missing = [filled.small, filled.big].filter(({ id }) => !applied.has(id));
	for (const seller of missing) {
		console.error(`rebuilding ClickHouse for ${seller.lines.toLocaleString('en-US')} lines`);
		const began = performance.now();
		await rebuildOrganization(seller.id);
		if (seller === filled.big) filled.seconds.rebuild = seconds(began);
	}
}

const seconds = (began: number) => Math.round((performance.now() - began) / 100) / 10;
