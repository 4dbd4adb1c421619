import type { Tx } from '../platform/db.ts';

/** So many rows a search looks at; a longer word finds the rest. */
const MAX_FOUND = 2000;

/**
 * Rows of customers whose name, family name or e-mail address begins with `search`. `cut`: there are more. Only comparisons that
 * row-level security lets through to an index are used.
 */
export async function findPeople(
	{ sql }: Tx,
	organizationId: string,
	search: string
): Promise<{ ids: string[]; cut: boolean }> {
	const word = search.replaceAll('\0', '').toWellFormed().trim().toLowerCase();
	if (!word) return { ids: [], cut: false };
	const end = `${word}\u{10FFFF}`;
	const rows = await sql<{ id: string }[]>`
		select id from (
			(select id from customers where organization_id = ${organizationId} and name_key ~>=~ ${word} and name_key ~<~ ${end} limit ${MAX_FOUND + 1})
			union (select id from customers where organization_id = ${organizationId} and family_key ~>=~ ${word} and family_key ~<~ ${end} limit ${MAX_FOUND + 1})
			union (select id from customers where organization_id = ${organizationId} and email_key ~>=~ ${word} and email_key ~<~ ${end} limit ${MAX_FOUND + 1})
		) found order by id limit ${MAX_FOUND + 1}`;
	return { ids: rows.slice(0, MAX_FOUND).map(({ id }) => id), cut: rows.length > MAX_FOUND };
}

/** What is known of customers today, by id. */
export async function namesOf(
	{ sql }: Tx,
	organizationId: string,
	ids: readonly string[]
): Promise<Map<string, { name: string | null; email: string | null; country: string | null }>> {
	const rows = await sql<{ id: string; name: string | null; email: string | null; country: string | null }[]>`
		select id, name, email, country from customers where organization_id = ${organizationId} and id = any(${[...ids]}::uuid[])`;
	return new Map(rows.map(({ id, ...row }) => [id, row]));
}
