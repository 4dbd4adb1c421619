import { asSystem } from '../../platform/system.ts';
import { log } from '../../platform/log.ts';
import { openCredentials, webhookSecrets } from '../credentials.ts';
import { privacySecrets } from '../privacy/request.ts';

/** A connection as the intake needs it: where its data goes, and what its webhooks may be signed with. */
export interface Account {
	organizationId: string;
	connectionId: string;
	/** The organization's, IANA. */
	timeZone: string;
	/** The shop's, ISO 4217. */
	currency: string | null;
	secrets: string[];
	/** The shop is not connected any more: only its privacy requests are believed. */
	privacyOnly: boolean;
}

const KEEP_MS = 5_000;
const MOST = 10_000;
interface Entry {
	accounts: Promise<Account[]>;
	until: number;
}
const held = globalThis as unknown as { tidemarkAccounts?: Map<string, Entry> };
const entries = (held.tidemarkAccounts ??= new Map());

/**
 * The connections of a shop: one, or several when organizations share it. Kept for some seconds, unknown shops too, so that a
 * stream of deliveries asks PostgreSQL once. A changed secret therefore counts at once here and within five seconds elsewhere.
 * @throws Unavailable when PostgreSQL cannot be reached
 */
export function accountsOf(shop: string): Promise<Account[]> {
	const now = Date.now();
	const known = entries.get(shop);
	if (known && known.until > now) return known.accounts;
	if (entries.size >= MOST) entries.clear();
	const accounts = load(shop);
	entries.set(shop, { accounts, until: now + KEEP_MS });
	accounts.catch(() => entries.delete(shop));
	return accounts;
}

/** Forgets all, after credentials changed. */
export function forgetAccounts(): void {
	entries.clear();
}

async function load(shop: string): Promise<Account[]> {
	const rows = await asSystem(
		'webhook: find the connection of an account',
		({ sql }) => sql<
			{
				id: string;
				organizationId: string;
				timeZone: string;
				currency: string | null;
				credentials: string | null;
				privacySecret: string | null;
				authMethod: string;
			}[]
		>`
		select c.id, c.organization_id, o.time_zone, c.currency, c.credentials, c.privacy_secret, c.auth_method from connections c join organizations o on o.id = c.organization_id
		where c.channel = 'shopify' and c.external_id = ${shop} and (c.credentials is not null or c.privacy_secret is not null or c.auth_method = 'oauth')`
	);
	return rows.flatMap((row) => {
		try {
			return [
				{
					organizationId: row.organizationId,
					connectionId: row.id,
					timeZone: row.timeZone,
					currency: row.currency,
					...(row.credentials === null
						? { secrets: privacySecrets(row), privacyOnly: true }
						: {
								secrets: webhookSecrets(openCredentials({ ...row, credentials: row.credentials })),
								privacyOnly: false
							})
				}
			];
		} catch (error) {
			log.error({ err: error, connectionId: row.id }, 'the credentials of a connection cannot be opened');
			return [];
		}
	});
}
