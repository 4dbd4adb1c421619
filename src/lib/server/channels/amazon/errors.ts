import { ChannelError } from '../error.ts';
import { object, objects, text, type Json } from '../json.ts';

const WHERE = 'In Seller Central, open Apps and Services, Develop Apps (Solution Provider Portal)';

/** Amazon's list of errors, of whatever shape. */
export interface Refusal {
	status: number;
	code: string;
	message: string | null;
	details: string | null;
}

/** A call that Amazon refuses for what it says; `refusal` tells why. */
export class AmazonRefused extends ChannelError {
	readonly refusal: Refusal;
	constructor(operation: string, refusal: Refusal) {
		super(
			'rejected',
			`Amazon refused ${operation}: ${refusal.message ?? refusal.code}${refusal.details ? ` (${refusal.details.slice(0, 200)})` : ''}.`
		);
		this.refusal = refusal;
	}
}

/** Reads the first error of an answer. */
export function refusalOf(status: number, body: string): Refusal {
	const json = jsonOf(body);
	const list = json && Array.isArray(json.errors) ? objects(json.errors, 'The errors') : [];
	const first = list[0] ?? json ?? {};
	return {
		status,
		code: text(first.code) ?? text(first.error) ?? `HTTP ${status}`,
		message: text(first.message) ?? text(first.error_description),
		details: text(first.details)
	};
}

/** The object that a body is, or null. */
export function jsonOf(body: string): Json | null {
	try {
		return object(JSON.parse(body));
	} catch {
		return null;
	}
}

/** Turns the answer of Login with Amazon into the credential that is wrong and where the right one stands. */
export function explainLwa(status: number, body: string): ChannelError {
	const { code, message } = refusalOf(status, body);
	if (status === 429 || status >= 500)
		return new ChannelError(
			'unavailable',
			'Amazon’s login is not answering right now. Wait a minute and try again.'
		);
	const words = `${code} ${message ?? ''}`.toLowerCase();
	if (code === 'invalid_grant' || words.includes('refresh_token'))
		return new ChannelError(
			'credentials',
			`Amazon does not accept the refresh token: the authorization was revoked, ended after its year, or belongs to another application. ${WHERE}, choose Authorize beside your app, and copy the new refresh token (it begins with Atzr|).`,
			'refreshToken'
		);
	if (code === 'unauthorized_client')
		return new ChannelError(
			'credentials',
			`This application may not use that refresh token. ${WHERE}: client ID and refresh token must come from the same app.`,
			'refreshToken'
		);
	if (words.includes('client_id') || words.includes('not a valid client') || words.includes('unknown client'))
		return new ChannelError(
			'credentials',
			`Amazon knows no application with this client ID. ${WHERE}, choose View beside LWA credentials; it begins with amzn1.application-oa2-client.`,
			'clientId'
		);
	if (code === 'invalid_client')
		return new ChannelError(
			'credentials',
			`The client secret does not belong to this client ID, or was rotated (Amazon asks for that every 180 days). ${WHERE}, choose View beside LWA credentials, and copy both again.`,
			'clientSecret'
		);
	return new ChannelError(
		'credentials',
		`Amazon’s login refused the credentials (${message ?? code}). ${WHERE}, choose View beside LWA credentials.`,
		'clientSecret'
	);
}

/** A role that the application lacks: Amazon answers 403 for it, whatever the token. */
export function missingRole(operation: string, { message }: Refusal): ChannelError {
	return new ChannelError(
		'needs_reauthorization',
		`Amazon does not let this application use ${operation} (${message ?? 'access denied'}). ${WHERE}, add the role it needs to the app, then authorize it again and connect the account with the new refresh token.`
	);
}
