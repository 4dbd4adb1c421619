import type { Sql, TransactionSql } from 'postgres';

/** A digest of everything an organization owns, by table: what a stranger's request must leave as it is. `sql` sees all organizations. */
export async function digestOf(
	sql: Sql | TransactionSql,
	organizationId: string
): Promise<Record<string, string>> {
	const tables = await sql<{ name: string }[]>`
		select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname = 'public' and c.relkind in ('r', 'p')
			and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped)`;
	const digests: Record<string, string> = {};
	for (const { name } of tables) {
		const [row] = await sql.unsafe<{ digest: string }[]>(
			`select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from "${name}" t where organization_id = $1`,
			[organizationId]
		);
		digests[name] = row!.digest;
	}
	const [own] = await sql<
		{ digest: string }[]
	>`select md5(t::text) as digest from organizations t where id = ${organizationId}`;
	const [people] = await sql<{ digest: string }[]>`
		select md5(string_agg(u::text, '|' order by u.id)) as digest from users u join members m on m.user_id = u.id where m.organization_id = ${organizationId}`;
	return { ...digests, organizations: own!.digest, users: people!.digest ?? '' };
}
