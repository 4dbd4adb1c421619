import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/lib/server/platform/embedded/postgres.ts';
import { createRoles, protectTables } from '../../src/lib/server/platform/roles.ts';

/** What a test file needs to make its own database from the template. */
export interface TestPostgres {
	host: string;
	port: number;
	username: string;
	password: string;
}

export const ROLE_PASSWORD = 'test-role-password';

/** One PostgreSQL for the whole run, with a migrated template; each test file copies it (0.2 s). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const dir = mkdtempSync(path.join(tmpdir(), 'tidemark-test-'));
	chmodSync(dir, 0o755);
	const server = await startEmbeddedPostgres(dir);
	const connection = {
		host: server.host,
		port: server.port,
		username: server.user,
		password: server.password
	};
	const admin = postgres({ ...connection, database: 'postgres', max: 1, onnotice: () => {} });
	await admin`create database template_tidemark`;
	const template = postgres({ ...connection, database: 'template_tidemark', max: 1, onnotice: () => {} });
	await createRoles(template, { app: ROLE_PASSWORD, system: ROLE_PASSWORD });
	await migrate(drizzle(template, { casing: 'snake_case' }), { migrationsFolder: 'drizzle' });
	await protectTables(template);
	await template.end();
	await admin.end();
	project.provide('postgres', connection);
	return async () => {
		await server.stop();
		rmSync(dir, { recursive: true, force: true });
	};
}

declare module 'vitest' {
	export interface ProvidedContext {
		postgres: TestPostgres;
	}
}
