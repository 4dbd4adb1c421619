import type { Tx } from '../platform/db.ts';
import { randomBytes } from 'node:crypto';

/** First parts of addresses that are pages of ours, now or soon. */
export const RESERVED: ReadonlySet<string> = new Set(
	`about account accounts admin alder-finch api app assets auth billing blog contact dashboard demo docs download favicon gallery
	healthz help home invite invitation legal live login logout mail metrics new operator organizations oauth outbox password pricing
	privacy readyz register reset robots security settings sign-in sign-out sign-up signin signup sitemap static status stream stripe
	support switch terms test unsubscribe user users v1 verify webhooks welcome well-known ws www`.split(/\s+/)
);

/** A name as the first part of an address: lower-case letters, digits and hyphens, at most 40; 'shop' when nothing is left. */
export function slugOf(name: string): string {
	const plain = name
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/&/g, ' and ')
		.replace(/['’]/g, '');
	return (
		plain
			.replace(/[^a-z0-9]+/g, '-')
			.slice(0, 40)
			.replace(/^-+|-+$/g, '') || 'shop'
	);
}

/** The slugs to try for a name, in order; the last is free for certain. */
export function slugCandidates(name: string): string[] {
	const slug = slugOf(name);
	const numbered = Array.from({ length: 8 }, (_, index) => `${slug}-${index + 2}`);
	return [...(RESERVED.has(slug) ? [] : [slug]), ...numbered, `${slug}-${randomBytes(5).toString('hex')}`];
}

/** Inserts an organization under the first free slug of its name and answers that slug. Two at once cannot get the same. */
export async function insertOrganization(
	{ sql }: Tx,
	organization: { id: string; name: string; currency: string; timeZone: string; locale: string }
): Promise<string> {
	const { id, name, currency, timeZone, locale } = organization;
	for (const slug of slugCandidates(name)) {
		const [made] = await sql`insert into organizations (id, slug, name, currency, time_zone, locale)
			values (${id}, ${slug}, ${name}, ${currency}, ${timeZone}, ${locale}) on conflict (slug) do nothing returning id`;
		if (made) return slug;
	}
	throw new Error(`No free address for the organization ${id}.`);
}
