/** Addresses that a channel makes for an order or for everybody: they lead to no person, so they join nobody. */
const RELAYS = [
	/@(?:[a-z0-9-]+\.)*marketplace\.amazon\.[a-z.]+$/, // one per buyer and seller, changes with either
	/@relay\.walmart\.com$/,
	/^nocxemail@walmartone\.com$/, // what Walmart sends instead of an address
	/@privaterelay\.appleid\.com$/,
	/@(?:[a-z0-9-]+\.)*(?:members|buyers)\.ebay\.[a-z.]+$/,
	/@(?:example\.(?:com|org|net)|[a-z0-9-]+\.invalid|localhost)$/
];
const PLACEHOLDERS = new Set([
	'noreply',
	'no-reply',
	'none',
	'noemail',
	'no-email',
	'null',
	'na',
	'n/a',
	'unknown'
]);

/** The key by which a person's records of several connections are joined: trimmed and lower-cased; null when it names nobody. */
export function emailKey(email: string | null): string | null {
	const key = email?.trim().toLowerCase() ?? '';
	if (!/^[^\s@]+@[^\s@]+$/.test(key) || key.length > 250) return null;
	if (PLACEHOLDERS.has(key.slice(0, key.indexOf('@')))) return null;
	return RELAYS.some((relay) => relay.test(key)) ? null : key;
}
