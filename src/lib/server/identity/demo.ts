import { setTimeout as sleep } from 'node:timers/promises';
import type { Organization } from '../platform/ctx.ts';
import { newId } from '../platform/ids.ts';
import { settings } from '../platform/running.ts';
import { asSystem } from '../platform/system.ts';
import { NotFound } from '../platform/errors.ts';
import type { RequestIdentity } from './request-identity.ts';
import { clearDemoCookie, writeDemoCookie } from './session-cookie.ts';

const DEMO = {
	slug: 'alder-finch',
	name: 'Alder & Finch',
	currency: 'USD',
	timeZone: 'America/Los_Angeles',
	locale: 'en-US'
};

/** The shared demo organization; null until it was made. */
export async function demoOrganization(): Promise<Organization | null> {
	const [found] = await asSystem(
		'demo: find or make the demo organization',
		({ sql }) => sql<Organization[]>`
		select id, slug, name, currency, time_zone, locale, plan, is_demo from organizations where is_demo order by created_at limit 1`
	);
	return found ?? null;
}

/** The shared demo organization, made on the first call. It has no members: nobody can sign in to it. */
export async function ensureDemoOrganization(): Promise<Organization> {
	await asSystem(
		'demo: find or make the demo organization',
		({ sql }) => sql`
		insert into organizations (id, slug, name, currency, time_zone, locale, is_demo)
		select ${newId()}, ${DEMO.slug}, ${DEMO.name}, ${DEMO.currency}, ${DEMO.timeZone}, ${DEMO.locale}, true
		where not exists (select 1 from organizations where is_demo) on conflict (slug) do nothing`
	);
	const organization = await demoOrganization();
	if (!organization)
		throw new Error(`The address ${DEMO.slug} belongs to an organization that is not the demo.`);
	return organization;
}

/** Forgets the demo of an earlier start with all its data, so that a new shop can take its place. */
export async function removeDemoOrganization(): Promise<void> {
	await asSystem(
		'demo: find or make the demo organization',
		({ sql }) => sql`delete from organizations where is_demo`
	);
}

/** Right after a start the demo is still being made: whoever asks then waits a little rather than being sent away. */
async function awaitedOrganization(): Promise<Organization | null> {
	for (let waited = 0; waited < 15_000; waited += 250) {
		const found = await demoOrganization();
		if (found) return found;
		await sleep(250);
	}
	return null;
}

/**
 * Lets a browser look at the demo; answers its slug.
 * @throws NotFound while the operator has it switched off, or it could not be made
 */
export async function openDemo(request: RequestIdentity): Promise<{ slug: string }> {
	const organization = settings().DEMO ? await awaitedOrganization() : null;
	if (!organization) throw new NotFound('The demo');
	writeDemoCookie(request);
	return { slug: organization.slug };
}

/** Ends a browser's look at the demo. */
export function leaveDemo(request: RequestIdentity): void {
	clearDemoCookie(request);
}
