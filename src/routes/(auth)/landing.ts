import { organizationsOf } from '#lib/server/identity/index.ts';

/** Where a person goes after signing in: where they wanted to go, else their first organization. */
export async function landing(user: { id: string }, url: URL): Promise<string> {
	const wanted = ownPath(url.searchParams.get('next'), url);
	if (wanted) return wanted;
	const [first] = await organizationsOf(user);
	return first ? `/${first.slug}/dashboard` : '/organizations/new';
}

/** A path of this site; null for anything that would lead elsewhere. */
export function ownPath(next: string | null, url: URL): string | null {
	if (!next || !next.startsWith('/') || !URL.canParse(next, url)) return null;
	const target = new URL(next, url);
	return target.origin === url.origin ? target.pathname + target.search : null;
}
