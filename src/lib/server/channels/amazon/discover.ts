import type { Discovered } from '../channel.ts';
import { ChannelError } from '../error.ts';
import { object, objects, text } from '../json.ts';
import type { AmazonClient } from './client.ts';
import { AmazonRefused } from './errors.ts';
import { marketplaceOf, REGION_NAMES } from './regions.ts';

/**
 * Asks Amazon where the seller sells, and checks that the seller id is theirs.
 * @throws ChannelError naming the wrong credential
 */
export async function discoverSeller(client: AmazonClient): Promise<Discovered> {
	const answer = await client.call('getMarketplaceParticipations');
	const rows = objects(answer?.payload, 'The marketplaces').map((row) => ({
		marketplace: object(row.marketplace) ?? {},
		participating: object(row.participation)?.isParticipating !== false,
		store: text(row.storeName)
	}));
	const own = rows.filter(({ marketplace, participating }) => participating && text(marketplace.id) !== null);
	const chosen = client.marketplaceIds;
	// Amazon lists places that are no marketplaces of their own, such as Non-Amazon ones
	const known = own.filter(({ marketplace }) => marketplaceOf(text(marketplace.id)!) !== null);
	const used =
		chosen.length === 0 ? known : known.filter(({ marketplace }) => chosen.includes(text(marketplace.id)!));
	const first = used.find(({ marketplace }) => text(marketplace.id) === chosen[0]) ?? used[0];
	if (!first)
		throw new ChannelError(
			'credentials',
			chosen.length > 0
				? 'This seller does not sell in the marketplaces you chose. Choose others, or the refresh token of the account that does.'
				: `This seller sells in no marketplace of ${REGION_NAMES[client.region]}. Choose the region of the account.`,
			'region'
		);
	const ids = [first, ...used.filter((one) => one !== first)].map(({ marketplace }) => text(marketplace.id)!);
	await checkSellerId(client, ids[0]!);
	const home = marketplaceOf(ids[0]!);
	return {
		name: first.store ?? `Amazon ${home?.country ?? ''}`.trim(),
		currency: text(first.marketplace.defaultCurrencyCode) ?? home?.currency ?? 'USD',
		timeZone: home?.timeZone ?? 'UTC',
		facts: { region: client.region, marketplaceIds: ids }
	};
}

/** The seller id stands in no answer of Amazon's; listings are only shown under the right one. */
async function checkSellerId(client: AmazonClient, marketplaceId: string): Promise<void> {
	try {
		await client.call('searchListingsItems', {
			path: { sellerId: client.sellerId },
			query: { marketplaceIds: [marketplaceId], includedData: ['summaries'], pageSize: 1 }
		});
	} catch (error) {
		const wrong =
			(error instanceof AmazonRefused && [400, 404].includes(error.refusal.status)) ||
			(error instanceof ChannelError && error.kind === 'needs_reauthorization');
		if (!wrong) throw error;
		throw new ChannelError(
			'credentials',
			'Amazon shows no listings under this seller ID. It is called merchant token and stands in Seller Central under Settings, Account Info, Business Information.',
			'sellerId',
			{ cause: error }
		);
	}
}
