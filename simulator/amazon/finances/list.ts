import type { Market } from '../../world/market/model.ts';
import { postingKeys, postingsOf, totalOfPosting, type PostingKey } from '../../world/market/postings.ts';
import { isoUtc } from '../../world/time.ts';
import { marketplaceOf, siteOf } from '../marketplaces.ts';
import { inOrder, pageOf, readToken, writeToken } from '../page-token.ts';
import { instantIn } from '../query.ts';
import { invalid, ok, type Reply } from '../reply.ts';
import type { AmazonSeller } from '../seller.ts';
import { transactionView } from './transaction.ts';

const PAGE = 100;
const TOKEN_LIFE = 25 * 60_000;
const SHORT_TOKEN_LIFE = 3 * 60_000;
const MOST_SPAN = 180 * 86_400_000;
const TWO_MINUTES = 120_000;
const STATUSES = ['DEFERRED', 'RELEASED', 'DEFERRED_RELEASED'];

const kept = new WeakMap<Market, { revision: number; window: string; keys: PostingKey[] }>();

/** The postings of a window in order; kept while page after page of it is read and nothing changes. */
function sortedKeys(seller: AmazonSeller, from: number, until: number): PostingKey[] {
	const market = seller.market();
	const window = `${from}|${until}`;
	const known = kept.get(market);
	if (known?.revision === market.revision && known.window === window) return known.keys;
	const keys = inOrder(postingKeys(market, from, Math.min(until, seller.now() + 1)), ({ at, n }) => [at, n]);
	kept.set(market, { revision: market.revision, window, keys });
	return keys;
}

/** GET /finances/2024-06-19/transactions. */
export function listTransactions(seller: AmazonSeller, query: URLSearchParams): Reply {
	const market = seller.market();
	const after = instantIn(query, 'postedAfter');
	const name = query.get('relatedIdentifierName');
	const value = query.get('relatedIdentifierValue');
	if (after === null && !name) throw invalid('Start date cannot be null');
	if (name && !['ORDER_ID', 'FINANCIAL_EVENT_GROUP_ID'].includes(name)) throw invalid('relatedIdentifierName cannot be used for filtering'); // prettier-ignore
	if (name && !value) throw invalid('relatedIdentifierValue is missing');
	const now = seller.apiNow();
	const before = instantIn(query, 'postedBefore') ?? now - TWO_MINUTES;
	if (before > now - TWO_MINUTES + 1000)
		throw invalid('postedBefore must be more than two minutes before now');
	if (after !== null && after > before) throw invalid('postedBefore must be later than postedAfter');
	const status = query.get('transactionStatus');
	if (status && !STATUSES.includes(status)) throw invalid('transactionStatus is not valid');
	const marketplaceId = query.get('marketplaceId');
	if (marketplaceId && !siteOf(market, marketplaceId)) throw invalid('marketplaceId is not valid');

	const words = [after ?? '', name ?? '', value ?? '', status ?? '', marketplaceId ?? ''].join('|');
	const text = query.get('nextToken');
	const short = seller.faults.has('F08');
	const token = text ? readToken(text, words, short ? SHORT_TOKEN_LIFE : TOKEN_LIFE, seller.now()) : null;
	if (text && short) {
		if (seller.usedTokens.has(text)) throw invalid('The token was used before; token duration is 3 minutes');
		seller.usedTokens.add(text);
		if (seller.turns.every('F08', 4)) throw invalid('Time to live for this token has expired; token duration is 3 minutes'); // prettier-ignore
	}
	const until = token?.until ?? before;
	const tooLong = after !== null && until - after > MOST_SPAN;
	const keys = tooLong
		? []
		: sortedKeys(seller, after ?? 0, after === null ? Number.POSITIVE_INFINITY : until);
	const fits = (key: PostingKey) => {
		if (name && (name !== 'ORDER_ID' || key.order?.id !== value)) return false;
		if (status && stateOf(key) !== status) return false;
		const site = key.order?.site ?? market.sites[0]!;
		return !marketplaceId || marketplaceOf(site).id === marketplaceId;
	};
	const keyOf = (key: PostingKey): [number, number] => [key.at, key.n];
	// F09: the page is empty, yet the token leads on from where it stood.
	const empty = seller.faults.has('F09') && seller.turns.every('F09', 2);
	const { rows, more } = pageOf(keys, keyOf, { after: token?.after ?? null, size: empty ? 0 : PAGE, fits });
	const last = rows.at(-1);
	const at = last ? keyOf(last) : (token?.after ?? ([0, Number.MIN_SAFE_INTEGER] as [number, number]));
	const next = more ? writeToken({ query: words, after: at, issuedAt: seller.now(), until }) : null;
	return ok({
		payload: {
			...(next && { nextToken: next }),
			transactions: rows.map((key) => transactionView(seller, key.make()))
		}
	});
}

/** The status of a posting, told from its order. */
function stateOf({ kind, order }: PostingKey): string {
	if (kind !== 'sale') return 'RELEASED';
	return order!.releasedAt ? 'DEFERRED_RELEASED' : 'DEFERRED';
}

/** GET /finances/2024-06-19/balances: what is held back and what could be paid out. */
export function listBalances(seller: AmazonSeller): Reply {
	const site = seller.market().sites[0]!;
	let deferred = 0;
	let available = 0;
	const now = seller.now();
	for (const posting of postingsOf(seller.market(), now)) {
		if (posting.site !== site) continue;
		if (!posting.releasedAt) deferred += totalOfPosting(posting);
		else if (posting.releasedAt > now - 14 * 86_400_000) available += totalOfPosting(posting);
	}
	const amount = (cents: number) => ({ currencyCode: site.currency, currencyAmount: cents / 100 });
	return ok({
		balances: [
			{
				partnerMetadata: {
					partnerId: seller.sellerId,
					accountType: 'Standard Orders',
					marketplaceId: marketplaceOf(site).id
				},
				balanceType: 'TOTAL',
				amount: amount(available + deferred),
				lastUpdatedTime: isoUtc(now),
				balances: [
					{ balanceType: 'AVAILABLE', amount: amount(available) },
					{ balanceType: 'DEFERRED', amount: amount(deferred) }
				]
			}
		]
	});
}
