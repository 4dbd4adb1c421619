import { expect, test } from 'vitest';
import { database, inOrganization } from '../src/lib/server/platform/db.ts';
import { assertHarmless } from '../src/lib/server/platform/roles.ts';
import { asSystem } from '../src/lib/server/platform/system.ts';
import { makeConnection } from './factories/connection.ts';
import { makeOrganization } from './factories/organization.ts';

test('every tenant table forces row-level security', async () => {
	const open = await asSystem(
		'doctor: check the installation',
		({ sql }) => sql`
		select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname = 'public' and c.relkind in ('r', 'p')
			and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped)
			and not (c.relrowsecurity and c.relforcerowsecurity)`
	);
	expect(open).toEqual([]);
});

test('a transaction sees its own organization only, and cannot write into another', async () => {
	const one = await makeOrganization();
	const two = await makeOrganization();
	await makeConnection(one.organization.id);
	await makeConnection(two.organization.id);
	const seen = await inOrganization(
		one.organization.id,
		({ sql }) => sql`select organization_id from connections`
	);
	expect(seen.map((row) => row.organizationId)).toEqual([one.organization.id]);
	await expect(
		inOrganization(
			one.organization.id,
			({ sql }) => sql`insert into outbox_positions (organization_id) values (${two.organization.id})`
		)
	).rejects.toThrow(/row-level security/);
});

test('without an organization the app role sees nothing', async () => {
	const one = await makeOrganization();
	await makeConnection(one.organization.id);
	expect(await database().app`select * from connections`).toEqual([]);
	expect(await database().app`select * from organizations`).toEqual([]);
});

test('the serving roles own nothing and bypass nothing', async () => {
	await assertHarmless(database().app);
	await assertHarmless(database().system);
});

test('password hashes stay out of the app role', async () => {
	await expect(database().app`select password_hash from users`).rejects.toThrow(/permission denied/);
});
