import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres, { type Sql } from 'postgres';
import type { Role } from '../src/lib/contracts/permissions.ts';
import { seal } from '../src/lib/server/platform/crypto.ts';
import { newId } from '../src/lib/server/platform/ids.ts';
import { POSTGRES_TYPES } from '../src/lib/server/platform/db.ts';

/** An organization with its owner's session. */
export interface Tenant {
	id: string;
	slug: string;
	ownerId: string;
	/** The owner's cookie header. */
	cookie: string;
}

/** A connected shop whose webhooks we can sign. */
export interface Shop {
	connectionId: string;
	domain: string;
	secret: string;
	currency: string;
}

/** The embedded PostgreSQL of a data directory, as its owner: sees everything. For planting and for checking, beside the running app. */
export function openStore(dataDir: string, max = 2): Sql {
	const socket = path.join(
		os.tmpdir(),
		`tidemark-${createHash('sha1').update(path.resolve(dataDir)).digest('hex').slice(0, 10)}`
	);
	const password = fs.readFileSync(path.join(dataDir, 'postgres.password'), 'utf8').trim();
	return postgres({
		host: socket,
		port: 5432,
		user: 'postgres',
		password,
		database: 'tidemark',
		max,
		...POSTGRES_TYPES
	});
}

/** An organization as sign-up makes it, without the hashing of a password: hundreds are planted in a second. */
export async function plantTenant(
	sql: Sql,
	given: { name?: string; currency?: string; timeZone?: string } = {}
): Promise<Tenant> {
	const id = newId();
	const slug = `org-${id.slice(-12)}`;
	await sql`insert into organizations (id, slug, name, currency, time_zone)
		values (${id}, ${slug}, ${given.name ?? `Organization ${slug}`}, ${given.currency ?? 'USD'}, ${given.timeZone ?? 'UTC'})`;
	const owner = await plantMember(sql, id, 'owner', given.name);
	return { id, slug, ownerId: owner.userId, cookie: owner.cookie };
}

/** A person with a session in an organization. */
export async function plantMember(
	sql: Sql,
	organizationId: string,
	role: Role,
	name = 'Planted Person'
): Promise<{ userId: string; cookie: string; email: string }> {
	const userId = newId();
	const token = randomBytes(20).toString('base64url');
	const email = `${userId}@example.com`;
	await sql`insert into users (id, email, name, password_hash, email_verified_at) values (${userId}, ${email}, ${name}, 'none', now())`;
	await sql`insert into members (organization_id, user_id, role) values (${organizationId}, ${userId}, ${role})`;
	await sql`insert into sessions (id, user_id, public_id, expires_at)
		values (${createHash('sha256').update(token).digest('hex')}, ${userId}, ${newId()}, now() + interval '1 day')`;
	return { userId, email, cookie: `tidemark=${token}` };
}

/** A healthy connection with a sealed secret, as connecting by a legacy token leaves it; no shop stands behind it. */
export async function plantShop(
	sql: Sql,
	dataDir: string,
	tenant: Tenant,
	given: { currency?: string; name?: string } = {}
): Promise<Shop> {
	const id = newId();
	const shop: Shop = {
		connectionId: id,
		domain: `shop-${id.slice(-12)}.myshopify.com`,
		secret: randomBytes(16).toString('hex'),
		currency: given.currency ?? 'USD'
	};
	const credentials = {
		kind: 'access_token',
		accessToken: `shpat_${randomBytes(16).toString('hex')}`,
		clientSecret: shop.secret,
		previousSecret: null
	};
	const sealed = seal(secretKeyOf(dataDir), `${tenant.id}:${id}`, JSON.stringify(credentials));
	await sql`insert into connections (id, organization_id, channel, external_id, name, status, auth_method, credentials, currency, time_zone, fresh_at)
		values (${id}, ${tenant.id}, 'shopify', ${shop.domain}, ${given.name ?? 'Planted shop'}, 'healthy', 'access_token', ${sealed}, ${shop.currency}, 'UTC', now())`;
	return shop;
}

function secretKeyOf(dataDir: string): string {
	return fs.readFileSync(path.join(dataDir, 'secret.key'), 'utf8').trim();
}
