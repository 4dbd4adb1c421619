import { ChannelError } from '../error.ts';

const APP_SETTINGS = 'open the app in Shopify’s Dev Dashboard (dev.shopify.com), go to Settings';
const LEGACY_SETTINGS =
	'in the Shopify admin, open Settings, then Apps and sales channels, Develop apps, your app, API credentials';

/** Turns the answer of `/admin/oauth/access_token` into the credential that is wrong and where the right one stands. */
export function explainTokenError(shop: string, status: number, body: string): ChannelError {
	const text = body.slice(0, 4000).toLowerCase();
	if (status === 402 || status === 423) return frozen(shop);
	if (status === 429 || status >= 500)
		return new ChannelError(
			'unavailable',
			'Shopify is not answering right now. Wait a minute and try again.'
		);
	if (text.includes('authorization code')) {
		return new ChannelError(
			'credentials',
			'The approval at Shopify has expired or was used already, so the shop was not connected. Begin again.'
		);
	}
	if (text.includes('shop_not_permitted')) {
		return new ChannelError(
			'credentials',
			`This app may not ask for a token of ${shop}: app and shop must belong to the same Shopify organization, and the app must be installed on the shop. In the Dev Dashboard, open the app and choose Install app.`,
			'shop'
		);
	}
	if (
		text.includes('application_cannot_be_found') ||
		(text.includes('client_id') && !text.includes('client_secret') && text.includes('invalid_request'))
	) {
		return new ChannelError(
			'credentials',
			`Shopify knows no app with this client ID. To copy the right one, ${APP_SETTINGS}, Client ID.`,
			'clientId'
		);
	}
	if (text.includes('app_not_installed')) {
		return new ChannelError(
			'credentials',
			`The app is not installed on ${shop}. In the Dev Dashboard, open the app and choose Install app.`,
			'shop'
		);
	}
	if (text.includes('invalid_client') || text.includes('client_secret')) {
		return new ChannelError(
			'credentials',
			`The client secret does not belong to this client ID, or was rotated. To copy the present one, ${APP_SETTINGS}, Client secret.`,
			'clientSecret'
		);
	}
	if (text.includes('invalid_grant') || text.includes('refresh_token')) {
		return new ChannelError(
			'credentials',
			'Shopify no longer accepts the stored authorization. Connect the shop again.'
		);
	}
	if (status === 404) return noSuchShop(shop);
	return new ChannelError(
		'credentials',
		`Shopify refused the client ID and secret (HTTP ${status}). To check both, ${APP_SETTINGS}.`,
		'clientSecret'
	);
}

/** Turns a refused Admin API call into the credential that is wrong. */
export function explainApiError(shop: string, status: number, body: string): ChannelError {
	const text = body.slice(0, 4000);
	if (status === 401) {
		return new ChannelError(
			'credentials',
			`${shop} does not accept this access token. It may be incomplete, belong to another shop, or the app was uninstalled. To copy the right one, ${LEGACY_SETTINGS}.`,
			'accessToken'
		);
	}
	if (status === 402 || status === 423) return frozen(shop);
	if (status === 403) return missingScope(text);
	if (status === 404) return noSuchShop(shop);
	return new ChannelError('rejected', `Shopify refused a request (HTTP ${status}).`);
}

/** Names the scope that Shopify says is missing, when it does. */
export function missingScope(text: string): ChannelError {
	const scope = /read_[a-z_]+/.exec(text)?.[0];
	const which = scope ? `the ${scope} scope` : 'an access scope';
	return new ChannelError(
		'needs_reauthorization',
		`The app lacks ${which}. Add it in the app’s configuration (Admin API access scopes), save, install the app again and reconnect the shop.`
	);
}

export function noSuchShop(shop: string): ChannelError {
	return new ChannelError(
		'credentials',
		`There is no shop at ${shop}. The address ends in .myshopify.com and stands in the Shopify admin under Settings, Domains.`,
		'shop'
	);
}

function frozen(shop: string): ChannelError {
	return new ChannelError(
		'credentials',
		`${shop} is paused or frozen at Shopify. When it is open again, connect it once more.`,
		'shop'
	);
}
