import type { Sql } from 'postgres';

export const APP_ROLE = 'tidemark_app';
export const SYSTEM_ROLE = 'tidemark_system';

/** Tables without organization_id that only the system role reads: people, their sessions, one-time links. */
const SYSTEM_ONLY = ['users', 'sessions', 'email_tokens', 'installation', 'stripe_events'];

/** Tables of public knowledge, the same for everyone: all read, only the system role writes. */
const SHARED = ['reference_rates'];

/**
 * Makes the two serving roles and gives each its passwords. Runs as the owner, before the migrations.
 * The app role sees the organizations named in the transaction's setting `app.organizations`; the system role sees all
 * and is used by the functions listed in system.ts only.
 */
export async function createRoles(owner: Sql, passwords: { app: string; system: string }): Promise<void> {
	for (const [role, password] of [
		[APP_ROLE, passwords.app],
		[SYSTEM_ROLE, passwords.system]
	] as const) {
		const [existing] = await owner`select 1 from pg_roles where rolname = ${role}`;
		const literal = `'${password.replaceAll("'", "''")}'`;
		await owner.unsafe(`${existing ? 'alter' : 'create'} role ${role} login password ${literal}`);
	}
}

/**
 * Row-level security for each tenant table, and the grants of both roles: one rule for all tables, applied at each start,
 * so that a new table is protected without being remembered. Idempotent; changes nothing that already stands.
 */
export async function protectTables(owner: Sql): Promise<void> {
	const tables = await owner<{ name: string; tenantColumn: string | null; done: boolean }[]>`
		select c.relname as name,
			case when c.relname = 'organizations' then 'id'
				when exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped)
				then 'organization_id' end as "tenantColumn",
			c.relrowsecurity and c.relforcerowsecurity
				and exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'own_organization') as done
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname not like '\\_\\_%'`;
	const statements = [
		`grant usage on schema public to ${APP_ROLE}, ${SYSTEM_ROLE}`,
		`grant select, insert, update, delete on all tables in schema public to ${SYSTEM_ROLE}`
	];
	for (const { name, tenantColumn, done } of tables) {
		if (tenantColumn) {
			statements.push(`grant select, insert, update, delete on "${name}" to ${APP_ROLE}`);
			if (!done) statements.push(...policies(name, tenantColumn));
		} else if (SHARED.includes(name)) {
			statements.push(`grant select on "${name}" to ${APP_ROLE}`);
		} else if (!SYSTEM_ONLY.includes(name)) {
			throw new Error(
				`Table ${name} has no organization_id and is not listed as system-only: decide who may read it in platform/roles.ts.`
			);
		}
	}
	// a member list shows names and addresses, never password hashes; rows are limited to people of the visible organizations
	statements.push(`grant select (id, name, email, email_verified_at) on users to ${APP_ROLE}`);
	const [usersDone] = await owner`select 1 from pg_policy where polname = 'fellow_members'`;
	if (!usersDone) {
		statements.push(
			'alter table users enable row level security',
			'alter table users force row level security',
			`create policy fellow_members on users for select to ${APP_ROLE} using (exists (select 1 from members m where m.user_id = users.id))`,
			`create policy system_access on users to ${SYSTEM_ROLE} using (true) with check (true)`
		);
	}
	statements.push(`revoke update, delete on audit_log from ${APP_ROLE}, ${SYSTEM_ROLE}`); // append-only
	await owner.begin(async (tx) => {
		await tx`select pg_advisory_xact_lock(hashtext('tidemark.protect'))`;
		for (const statement of statements) await tx.unsafe(statement);
	});
}

function policies(table: string, tenantColumn: string): string[] {
	// the sub-select is evaluated once a statement, not once a row
	const visible = `"${tenantColumn}" = any ((select string_to_array(nullif(current_setting('app.organizations', true), ''), ',')::uuid[])::uuid[])`;
	return [
		`alter table "${table}" enable row level security`,
		`alter table "${table}" force row level security`,
		`drop policy if exists own_organization on "${table}"`,
		`create policy own_organization on "${table}" to ${APP_ROLE} using (${visible}) with check (${visible})`,
		`drop policy if exists system_access on "${table}"`,
		`create policy system_access on "${table}" to ${SYSTEM_ROLE} using (true) with check (true)`
	];
}

/**
 * Refuses a serving role that row-level security would not hold: one that owns tables, is superuser or has BYPASSRLS.
 * @throws Error naming the role and what is wrong with it
 */
export async function assertHarmless(serving: Sql): Promise<void> {
	const [role] = await serving<{ name: string; isSuper: boolean; bypasses: boolean; owns: boolean }[]>`
		select rolname as name, rolsuper as "isSuper", rolbypassrls as bypasses,
			exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relowner = r.oid) as owns
		from pg_roles r where rolname = current_user`;
	const faults = [
		role?.isSuper && 'is superuser',
		role?.bypasses && 'has BYPASSRLS',
		role?.owns && 'owns tables'
	].filter(Boolean);
	if (faults.length > 0)
		throw new Error(
			`The database role ${role?.name} ${faults.join(' and ')}: tenants would not be kept apart. Use a plain role.`
		);
}
