import { ChannelError } from '../error.ts';
import { object, text } from '../json.ts';

const WHERE =
	'It stands in Walmart’s Developer Portal (developer.walmart.com): sign in with your seller account, open API Keys, and choose Production Keys';

/** One entry of Walmart's list of errors. */
export interface WalmartFault {
	code: string;
	description: string;
	field: string | null;
}

/** Reads `{ errors: [...] }` or `{ error: [...] }`, which Walmart's gateways both send; empty for anything else. */
export function faultsOf(body: string): WalmartFault[] {
	let parsed;
	try {
		parsed = object(JSON.parse(body));
	} catch {
		return [];
	}
	const list = parsed?.errors ?? parsed?.error;
	return (Array.isArray(list) ? list : [list]).flatMap((one) => {
		const entry = object(one);
		if (!entry) return [];
		return [
			{
				code: text(entry.code) ?? '',
				description: text(entry.description) ?? text(entry.message) ?? text(entry.info) ?? '',
				field: text(entry.field)
			}
		];
	});
}

/** Turns a refused token request into the credential that is wrong and where the right one stands. */
export function explainTokenError(status: number, body: string): ChannelError {
	if (status === 429 || status >= 500)
		return new ChannelError(
			'unavailable',
			'Walmart is not answering right now. Wait a minute and try again.'
		);
	const words = faultsOf(body)
		.map((fault) => `${fault.code} ${fault.description}`)
		.join(' ')
		.toLowerCase();
	if (/client.?id/.test(words) && !/secret|clientid:clientsecret/.test(words))
		return new ChannelError(
			'credentials',
			`Walmart knows no such client ID. ${WHERE}, Client ID.`,
			'clientId'
		);
	if (status === 403)
		return new ChannelError(
			'needs_reauthorization',
			'Walmart does not let this account use its API. In Seller Center, check that the account is active, then make new keys in the Developer Portal.'
		);
	return new ChannelError(
		'credentials',
		`Walmart does not accept this client secret for this client ID. Walmart does not say which of the two is wrong: most often the secret was reset or not copied whole. ${WHERE}, Client Secret. Keys of the sandbox do not work here.`,
		'clientSecret'
	);
}

/** Turns a refused call into what a person must do, or into a request of ours that is wrong. */
export function explainApiError(status: number, body: string): ChannelError {
	const [fault] = faultsOf(body);
	if (status === 401)
		return new ChannelError(
			'credentials',
			`Walmart no longer accepts these keys: they were reset or deleted. Connect the account again with the present ones. ${WHERE}.`,
			'clientSecret'
		);
	// a page of a proxy says nothing about our rights
	if (status === 403 && !fault)
		return new ChannelError(
			'unavailable',
			'Walmart’s gateway turned a request away. Tidemark tries again by itself.'
		);
	if (status === 403)
		return new ChannelError(
			'needs_reauthorization',
			'Walmart refuses a part of its API to these keys. In the Developer Portal, give them access to orders, returns, items, inventory and reports, then connect the account again.'
		);
	const said = fault
		? ` ${fault.code}${fault.description ? `: ${fault.description.slice(0, 200)}` : ''}`
		: '';
	return new ChannelError('rejected', `Walmart refused a request (HTTP ${status}).${said}`);
}

/** The rights without which nothing is worth syncing, in the words of /v3/token/detail, and ours. */
const NEEDED: Readonly<Record<string, string>> = {
	orders: 'orders',
	returns: 'returns',
	item: 'items',
	inventory: 'inventory',
	reports: 'reports'
};

/** @throws ChannelError naming the right that the keys lack */
export function assertScopes(scopes: Record<string, unknown>): void {
	const lacking = Object.keys(NEEDED).filter((scope) => scopes[scope] === 'no_access');
	if (lacking.length === 0) return;
	throw new ChannelError(
		'needs_reauthorization',
		`These keys may not read ${lacking.map((scope) => NEEDED[scope]).join(', ')}. In Walmart’s Developer Portal, open API Keys, give the keys at least view access to it, and connect again.`,
		'clientId'
	);
}
