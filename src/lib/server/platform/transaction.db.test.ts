import { expect, test } from 'vitest';
import { makeOrganization } from '../../../../tests/factories/organization.ts';
import { record } from '../live/index.ts';
import { inOrganization } from './db.ts';

test('an undefined value is an error, and the connection is free again', async () => {
	const { organization } = await makeOrganization();
	for (let turn = 0; turn < 12; turn++)
		await expect(
			inOrganization(organization.id, ({ sql }) => sql`select ${undefined as never}::text`)
		).rejects.toThrow(/undefined/i);
	await expect(
		inOrganization(organization.id, ({ sql }) =>
			Promise.all([sql`select 1`, sql.unsafe('select $1::timestamptz', [new Date(NaN)])])
		)
	).rejects.toThrow(/date that does not exist/);
	expect(await inOrganization(organization.id, ({ sql }) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
});

test('a statement sent ahead that fails turns the commit into a rollback and is thrown', async () => {
	const { organization } = await makeOrganization();
	await expect(
		inOrganization(organization.id, async ({ sql }, ahead) => {
			await sql`update organizations set name = 'Changed' where id = ${organization.id}`;
			ahead(sql`select 1 / 0`.execute());
			return 'done';
		})
	).rejects.toThrow(/division by zero/);
	const [row] = await inOrganization(
		organization.id,
		({ sql }) => sql<{ name: string }[]>`select name from organizations where id = ${organization.id}`
	);
	expect(row!.name).toBe(organization.name);
});

test('what fails within record is thrown, and nothing of it is told', async () => {
	const { organization } = await makeOrganization();
	await expect(
		record(organization.id, async (tx) => {
			await tx.sql`select ${undefined as never}::text`;
			return { result: null, events: [] };
		})
	).rejects.toThrow(/undefined/i);
	await expect(
		record(organization.id, async (tx) => {
			const one = tx.sql`select 1`;
			const two = tx.sql`select ${undefined as never}::text`;
			await Promise.all([one, two]);
			return { result: null, events: [] };
		})
	).rejects.toThrow(/undefined/i);
});
