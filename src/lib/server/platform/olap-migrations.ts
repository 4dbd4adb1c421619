import fs from 'node:fs';
import path from 'node:path';
import type { Olap } from './olap.ts';

/**
 * Applies clickhouse/NNNN_name.sql in order, once each; statements end with `;` at a line's end, `{database}` is the store's name.
 * Each statement must stand a second run (create ... if not exists), since a kill between a file and its mark runs it again.
 */
export async function migrateOlap(olap: Olap, folder = path.resolve('clickhouse')): Promise<void> {
	const client = olap.ingest;
	await client.command({ query: `create database if not exists ${olap.database}` });
	await client.command({
		query: `create table if not exists ${olap.database}.migrations (name String, at DateTime default now()) engine = MergeTree order by name`
	});
	const rows = await client.query({
		query: `select name from ${olap.database}.migrations`,
		format: 'JSONEachRow'
	});
	const done = new Set(((await rows.json()) as { name: string }[]).map((row) => row.name));
	for (const file of fs
		.readdirSync(folder)
		.filter((name) => name.endsWith('.sql'))
		.sort()) {
		if (done.has(file)) continue;
		for (const statement of statementsOf(fs.readFileSync(path.join(folder, file), 'utf8'), olap.database))
			await client.command({ query: statement });
		await client.insert({
			table: `${olap.database}.migrations`,
			values: [{ name: file }],
			format: 'JSONEachRow'
		});
	}
}

function statementsOf(text: string, database: string): string[] {
	return text
		.split(/;\s*$/m)
		.map((statement) =>
			statement
				.replaceAll('{database}', database)
				.replace(/^--.*$/gm, '')
				.trim()
		)
		.filter(Boolean);
}
