import fs from 'node:fs';
import { checkSecretKey } from './canary.ts';
import { database } from './db.ts';
import { checkStores } from './health.ts';
import { olapStore } from './olap.ts';
import { assertHarmless } from './roles.ts';
import { secretKey, settings } from './running.ts';
import { asSystem } from './system.ts';

/** One thing looked at: fine, or what is wrong and what to do. */
export interface Finding {
	check: string;
	ok: boolean;
	detail: string;
}

/** Looks at everything a running installation needs. Needs a booted platform; never throws. */
export async function diagnose(): Promise<Finding[]> {
	const stores = await checkStores();
	return Promise.all([
		look('PostgreSQL', async () => {
			if (stores.postgres !== 'ok')
				throw new Error(`${stores.postgres}: check DATABASE_URL, or ${settings().DATA_DIR}/postgres.log`);
			const [row] = await database().app<
				{ version: string }[]
			>`select current_setting('server_version') as version`;
			return `version ${row?.version}, ${settings().DATABASE_URL ? 'external' : 'embedded'}`;
		}),
		look('ClickHouse', async () => {
			if (stores.clickhouse !== 'ok') throw new Error(`${stores.clickhouse}: check CLICKHOUSE_URL`);
			const result = await olapStore()
				.reader()
				.query({ query: 'select version() as version', format: 'JSONEachRow' });
			const [row] = (await result.json()) as { version: string }[];
			return `version ${row?.version}, ${settings().CLICKHOUSE_URL ? 'external' : 'embedded'}`;
		}),
		look('Database roles', async () => {
			await Promise.all([assertHarmless(database().app), assertHarmless(database().system)]);
			return 'serving roles own nothing and cannot bypass row-level security';
		}),
		look('Row-level security', async () => {
			const open = await asSystem(
				'doctor: check the installation',
				({ sql }) => sql<{ name: string }[]>`
				select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
				where n.nspname = 'public' and c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity)
					and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped)`
			);
			if (open.length > 0)
				throw new Error(`not forced on ${open.map((row) => row.name).join(', ')}: restart the app`);
			return 'forced on every tenant table';
		}),
		look('Secret key', async () => {
			await checkSecretKey(secretKey());
			return settings().SECRET_KEY
				? 'from SECRET_KEY, opens what is stored'
				: 'from DATA_DIR/secret.key, opens what is stored; back it up apart from the database';
		}),
		look('Disk', async () => {
			const disk = fs.statfsSync(settings().DATA_DIR);
			const free = (disk.bavail * disk.bsize) / 1e9;
			if (free < 2)
				throw new Error(
					`${free.toFixed(1)} GB free in ${settings().DATA_DIR}: make room, or orders will be refused`
				);
			return `${free.toFixed(0)} GB free in ${settings().DATA_DIR}`;
		}),
		look('Mail', async () => {
			const { RESEND_API_KEY, SMTP_URL } = settings();
			return RESEND_API_KEY
				? 'by Resend'
				: SMTP_URL
					? 'by SMTP'
					: 'no service set: mails are kept and shown at /outbox';
		})
	]);
}

async function look(check: string, ask: () => Promise<string>): Promise<Finding> {
	try {
		return { check, ok: true, detail: await ask() };
	} catch (error) {
		return { check, ok: false, detail: (error as Error).message };
	}
}
