import { postingsOf, totalOfPosting, type Posting } from '../../world/market/postings.ts';
import { isoUtc } from '../../world/time.ts';
import { marketplaceOf, siteOf } from '../marketplaces.ts';
import { pageOf, readToken, writeToken } from '../page-token.ts';
import { instantIn } from '../query.ts';
import { invalid, ok, type Reply } from '../reply.ts';
import type { AmazonSeller } from '../seller.ts';
import { postedAt, statusOf, transactionView } from './transaction.ts';

const PAGE = 100;
const TOKEN_LIFE = 25 * 60_000;
const SHORT_TOKEN_LIFE = 3 * 60_000;
const MOST_SPAN = 180 * 86_400_000;
const TWO_MINUTES = 120_000;
const STATUSES = ['DEFERRED', 'RELEASED', 'DEFERRED_RELEASED'];

const kept = new WeakMap<AmazonSeller, { revision: number; until: number; postings: Posting[] }>();

/** All postings, oldest first; kept until the marketplace changes, since a listing reads them page after page. */
function postings(seller: AmazonSeller): Posting[] {
	const market = seller.market();
	const now = seller.now();
	const known = kept.get(seller);
	// Service fees come with time alone, once a month: a minute late is soon enough.
	if (known && known.revision === market.revision && now - known.until < 60_000) return known.postings;
	const found = postingsOf(market, now);
	kept.set(seller, { revision: market.revision, until: now, postings: found });
	return found;
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
	const all = tooLong ? [] : postings(seller);
	const found = all.filter((posting) => {
		if (name === 'ORDER_ID' && posting.order?.id !== value) return false;
		if (name === 'FINANCIAL_EVENT_GROUP_ID') return false;
		const at = postedAt(posting);
		if (after !== null && (at < after || at >= until)) return false;
		if (status && statusOf(posting) !== status) return false;
		return !marketplaceId || marketplaceOf(posting.site).id === marketplaceId;
	});
	const key = new Map(found.map((posting, place) => [posting, place] as const));
	const keyOf = (posting: Posting): [number, number] => [postedAt(posting), key.get(posting)!];
	// F09: the page is empty, yet the token leads on from where it stood.
	const empty = seller.faults.has('F09') && seller.turns.every('F09', 2);
	const { rows, more } = pageOf(found, keyOf, token?.after ?? null, empty ? 0 : PAGE);
	const last = rows.at(-1);
	const at = last ? keyOf(last) : (token?.after ?? [0, -1]);
	const next = more
		? writeToken({ query: words, after: at as [number, number], issuedAt: seller.now(), until })
		: null;
	return ok({
		payload: {
			...(next && { nextToken: next }),
			transactions: rows.map((posting) => transactionView(seller, posting))
		}
	});
}

/** GET /finances/2024-06-19/balances: what is held back and what could be paid out. */
export function listBalances(seller: AmazonSeller): Reply {
	const site = seller.market().sites[0]!;
	let deferred = 0;
	let available = 0;
	const now = seller.now();
	for (const posting of postings(seller)) {
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
