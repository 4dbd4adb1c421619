/** What can go wrong at Shopify, said so that a seller knows what to do. `kind` is what the engine decides by. */
export class ShopifyError extends Error {
	override name = 'ShopifyError';
	readonly kind: ShopifyErrorKind;
	/** The form field that holds the wrong value, when one does. */
	readonly field: 'shop' | 'clientId' | 'clientSecret' | 'accessToken' | null;
	constructor(
		kind: ShopifyErrorKind,
		message: string,
		field: ShopifyError['field'] = null,
		options?: ErrorOptions
	) {
		super(message, options);
		this.kind = kind;
		this.field = field;
	}
}

/**
 * `credentials`: a person must act. `scope`: the app lacks a right. `unavailable`: try again later. `refused`: Shopify says our
 * request is wrong, trying again will not help. `aborted`: we stopped it.
 */
export type ShopifyErrorKind = 'credentials' | 'scope' | 'unavailable' | 'refused' | 'aborted';

const APP_SETTINGS = 'open the app in Shopify’s Dev Dashboard (dev.shopify.com), go to Settings';
const LEGACY_SETTINGS =
	'in the Shopify admin, open Settings, then Apps and sales channels, Develop apps, your app, API credentials';

/** Turns the answer of `/admin/oauth/access_token` into the credential that is wrong and where the right one stands. */
export function explainTokenError(shop: string, status: number, body: string): ShopifyError {
	const text = body.slice(0, 4000).toLowerCase();
	if (status === 402 || status === 423) return frozen(shop);
	if (status === 429 || status >= 500)
		return new ShopifyError(
			'unavailable',
			'Shopify is not answering right now. Wait a minute and try again.'
		);
	if (text.includes('authorization code')) {
		return new ShopifyError(
			'credentials',
			'The approval at Shopify has expired or was used already, so the shop was not connected. Begin again.'
		);
	}
	if (text.includes('shop_not_permitted')) {
		return new ShopifyError(
			'credentials',
			`This app may not ask for a token of ${shop}: app and shop must belong to the same Shopify organization, and the app must be installed on the shop. In the Dev Dashboard, open the app and choose Install app.`,
			'shop'
		);
	}
	if (
		text.includes('application_cannot_be_found') ||
		(text.includes('client_id') && !text.includes('client_secret') && text.includes('invalid_request'))
	) {
		return new ShopifyError(
			'credentials',
			`Shopify knows no app with this client ID. To copy the right one, ${APP_SETTINGS}, Client ID.`,
			'clientId'
		);
	}
	if (text.includes('app_not_installed')) {
		return new ShopifyError(
			'credentials',
			`The app is not installed on ${shop}. In the Dev Dashboard, open the app and choose Install app.`,
			'shop'
		);
	}
	if (text.includes('invalid_client') || text.includes('client_secret')) {
		return new ShopifyError(
			'credentials',
			`The client secret does not belong to this client ID, or was rotated. To copy the present one, ${APP_SETTINGS}, Client secret.`,
			'clientSecret'
		);
	}
	if (text.includes('invalid_grant') || text.includes('refresh_token')) {
		return new ShopifyError(
			'credentials',
			'Shopify no longer accepts the stored authorization. Connect the shop again.'
		);
	}
	if (status === 404) return noSuchShop(shop);
	return new ShopifyError(
		'credentials',
		`Shopify refused the client ID and secret (HTTP ${status}). To check both, ${APP_SETTINGS}.`,
		'clientSecret'
	);
}

/** Turns a refused Admin API call into the credential that is wrong. */
export function explainApiError(shop: string, status: number, body: string): ShopifyError {
	const text = body.slice(0, 4000);
	if (status === 401) {
		return new ShopifyError(
			'credentials',
			`${shop} does not accept this access token. It may be incomplete, belong to another shop, or the app was uninstalled. To copy the right one, ${LEGACY_SETTINGS}.`,
			'accessToken'
		);
	}
	if (status === 402 || status === 423) return frozen(shop);
	if (status === 403) return missingScope(text);
	if (status === 404) return noSuchShop(shop);
	return new ShopifyError('refused', `Shopify refused a request (HTTP ${status}).`);
}

/** Names the scope that Shopify says is missing, when it does. */
export function missingScope(text: string): ShopifyError {
	const scope = /read_[a-z_]+/.exec(text)?.[0];
	const which = scope ? `the ${scope} scope` : 'an access scope';
	return new ShopifyError(
		'scope',
		`The app lacks ${which}. Add it in the app’s configuration (Admin API access scopes), save, install the app again and reconnect the shop.`
	);
}

export function noSuchShop(shop: string): ShopifyError {
	return new ShopifyError(
		'credentials',
		`There is no shop at ${shop}. The address ends in .myshopify.com and stands in the Shopify admin under Settings, Domains.`,
		'shop'
	);
}

function frozen(shop: string): ShopifyError {
	return new ShopifyError(
		'credentials',
		`${shop} is paused or frozen at Shopify. When it is open again, connect it once more.`,
		'shop'
	);
}
