import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, inject } from 'vitest';
import { POSTGRES_TYPES, useDatabase } from '../../src/lib/server/platform/db.ts';
import { openOlap, useOlap, type Olap } from '../../src/lib/server/platform/olap.ts';
import { migrateOlap } from '../../src/lib/server/platform/olap-migrations.ts';
import { APP_ROLE, SYSTEM_ROLE } from '../../src/lib/server/platform/roles.ts';
import { useRunning } from '../../src/lib/server/platform/running.ts';
import { parseSettings } from '../../src/lib/server/platform/settings.ts';
import { ROLE_PASSWORD } from './postgres.ts';

// Each test file: its own PostgreSQL database with the serving roles (pools of 2, so that a nested transaction shows), its own chDB.
const name = `test_${randomBytes(5).toString('hex')}`;
const dataDir = mkdtempSync(path.join(tmpdir(), 'tidemark-file-'));
let olap: Olap;
let close: () => Promise<void>;

beforeAll(async () => {
	const connection = inject('postgres');
	const admin = postgres({ ...connection, database: 'postgres', max: 1, onnotice: () => {} });
	await admin.unsafe(`create database ${name} template template_tidemark strategy wal_log`);
	await admin.end();
	const pool = (username: string) =>
		postgres({ ...connection, username, password: ROLE_PASSWORD, database: name, max: 2, ...POSTGRES_TYPES });
	const app = pool(APP_ROLE);
	const system = pool(SYSTEM_ROLE);
	close = async () => {
		await Promise.all([app.end({ timeout: 5 }), system.end({ timeout: 5 })]);
	};
	useDatabase({ app, system, close });
	useRunning({
		settings: parseSettings({ NODE_ENV: 'test', DATA_DIR: dataDir, DEMO: 'off' }),
		secretKey: 'a test key of more than thirty-two characters'
	});
	olap = await openOlap({ database: 'tidemark', dataDir });
	useOlap(olap);
	await migrateOlap(olap);
});

afterAll(async () => {
	await close?.();
	await olap?.close();
	rmSync(dataDir, { recursive: true, force: true });
});
