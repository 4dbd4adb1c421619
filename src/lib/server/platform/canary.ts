import { seal, unseal } from './crypto.ts';
import { asSystem } from './system.ts';

const OWNER = 'installation:canary';

/**
 * Proves that the secret key is the one that sealed what the database holds: a value sealed at the first start must open.
 * @throws Error that says where the right key is looked for
 */
export async function checkSecretKey(secretKey: string): Promise<void> {
	const [row] = await asSystem('canary: check the secret key', async ({ sql }) => {
		await sql`insert into installation (name, value) values ('canary', ${seal(secretKey, OWNER, 'tidemark')}) on conflict do nothing`;
		return sql<{ value: string }[]>`select value from installation where name = 'canary'`;
	});
	try {
		if (row && unseal(secretKey, OWNER, row.value) === 'tidemark') return;
	} catch {
		// told below
	}
	throw new Error(
		'The secret key is not the one that sealed the credentials in this database. Set SECRET_KEY to the right one, or put secret.key back into DATA_DIR.'
	);
}
