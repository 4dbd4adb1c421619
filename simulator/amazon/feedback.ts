import { createRandom, type Random } from '../world/random.ts';
import type { Offer } from '../world/market/model.ts';
import { DAY } from '../world/time.ts';
import { browseNode } from './catalog.ts';
import { marketplaceOf, siteOf } from './marketplaces.ts';
import { invalid, ok, Refused, type Reply } from './reply.ts';
import type { AmazonSeller } from './seller.ts';

const POSITIVE = ['Quality', 'Easy to clean', 'Looks', 'Size', 'Value for money', 'Sturdy', 'Packaging', 'Gift', 'Easy to use', 'Material']; // prettier-ignore
const NEGATIVE = ['Broke', 'Too small', 'Smell', 'Price', 'Scratches', 'Leaks', 'Wrong colour', 'Missing parts', 'Late', 'Instructions']; // prettier-ignore
const RETURNS = ['Defective', 'No longer needed', 'Wrong size', 'Arrived damaged', 'Not as described', 'Better price available']; // prettier-ignore
/** Fewer mentions than this, and Amazon says nothing of an item: 204. */
const YOUNG = 60 * DAY;

type Part = 'topics' | 'trends';

function dates(seller: AmazonSeller) {
	const now = Math.floor(seller.now() / DAY) * DAY;
	return { startDate: new Date(now - 182 * DAY).toISOString(), endDate: new Date(now).toISOString() };
}

function place(seller: AmazonSeller, query: URLSearchParams) {
	const site = siteOf(seller.market(), query.get('marketplaceId') ?? '');
	if (!site) throw invalid('Invalid input.');
	return { marketplaceId: marketplaceOf(site).id, countryCode: site.country };
}

function offerOf(seller: AmazonSeller, asin: string): Offer | undefined {
	if (!/^B0[0-9A-Z]{8}$/.test(asin)) throw invalid('Invalid input.');
	return seller.market().offers.find((offer) => offer.itemId === asin);
}

const nothing: Reply = { status: 204, body: '' };

/** GET .../items/{asin}/reviews/topics and /trends: what buyers write about, never single reviews or stars. */
export function itemReviews(seller: AmazonSeller, query: URLSearchParams, asin: string, part: Part): Reply {
	const where = place(seller, query);
	if (part === 'topics' && !['MENTIONS', 'STAR_RATING_IMPACT'].includes(query.get('sortBy') ?? '')) {
		throw invalid('Invalid input.');
	}
	const offer = offerOf(seller, asin);
	const { product } = offer?.variant ?? {};
	if (!offer || !product || product.createdAt > seller.now() - YOUNG || product.popularity < 0.012)
		return nothing;
	const random = createRandom(`${seller.sellerId}|reviews|${asin}`);
	const base = { asin, itemName: `${product.vendor} ${product.title}`, ...where, dateRange: dates(seller) };
	if (part === 'trends') {
		const reviewTrends = { positiveTopics: trends(seller, random, POSITIVE), negativeTopics: trends(seller, random, NEGATIVE) }; // prettier-ignore
		return ok({ ...base, reviewTrends });
	}
	const sort = query.get('sortBy')!;
	const topics = {
		positiveTopics: itemTopics(random, POSITIVE, 1, sort, product.popularity),
		negativeTopics: itemTopics(random, NEGATIVE, -1, sort, product.popularity)
	};
	return ok({ ...base, topics });
}

const percent = (random: Random, most: number) => Math.round((1 + random.next() * most) * 100) / 100;

function itemTopics(
	random: Random,
	names: readonly string[],
	sign: 1 | -1,
	sort: string,
	popularity: number
) {
	const topics = names.map((topic, rank) => {
		const mentions = Math.round((400 * popularity * (0.5 + random.next())) / (rank + 1)) + 3;
		const share = percent(random, 24 / (rank + 1));
		const impact = Math.round(sign * random.next() * 15) / 10;
		return {
			topic,
			asinMetrics: { numberOfMentions: mentions, occurrencePercentage: share, starRatingImpact: impact },
			parentAsinMetrics: {
				numberOfMentions: mentions * 2,
				occurrencePercentage: share,
				starRatingImpact: impact
			},
			browseNodeMetrics: {
				occurrencePercentage: { allProducts: percent(random, 15) },
				starRatingImpact: { allProducts: Math.round(impact * 8) / 10 }
			},
			reviewSnippets: [`${topic}: as hoped.`, `${topic} could be told at once.`, `About ${topic.toLowerCase()}: see the picture.`], // prettier-ignore
			subtopics: [
				{
					subtopic: `${topic} after some weeks`,
					metrics: { numberOfMentions: Math.ceil(mentions / 4), occurrencePercentage: percent(random, 30) },
					reviewSnippets: [`${topic} stays the same after some weeks.`]
				}
			]
		};
	});
	return topics.sort((a, b) =>
		sort === 'MENTIONS'
			? b.asinMetrics.numberOfMentions - a.asinMetrics.numberOfMentions
			: sign * (b.asinMetrics.starRatingImpact - a.asinMetrics.starRatingImpact)
	);
}

/** The last six whole months, newest first. */
function months(seller: AmazonSeller) {
	const now = new Date(seller.now());
	return Array.from({ length: 6 }, (_, back) => ({
		startDate: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1 - back, 1)).toISOString(),
		endDate: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 0)).toISOString()
	}));
}

function trends(seller: AmazonSeller, random: Random, names: readonly string[]) {
	return names.map((topic, rank) => ({
		topic,
		trendMetrics: months(seller).map((dateRange) => {
			const share = { occurrencePercentage: percent(random, 24 / (rank + 1)) };
			return {
				dateRange,
				asinMetrics: share,
				parentAsinMetrics: share,
				browseNodeMetrics: { occurrencePercentage: { allProducts: percent(random, 12) } }
			};
		})
	}));
}

/** GET .../items/{asin}/browseNode. */
export function itemBrowseNode(seller: AmazonSeller, query: URLSearchParams, asin: string): Reply {
	place(seller, query);
	const offer = offerOf(seller, asin);
	if (!offer) return nothing;
	const { type } = offer.variant.product;
	return ok({ browseNodeId: browseNode(type), displayName: type });
}

/** GET .../browseNodes/{browseNodeId}/reviews|returns/topics|trends. */
export function nodeFeedback(
	seller: AmazonSeller,
	query: URLSearchParams,
	node: string,
	about: 'reviews' | 'returns',
	part: Part
): Reply {
	const where = place(seller, query);
	if (!/^\d+$/.test(node)) throw invalid('Invalid input.');
	const type = seller.market().offers.find((offer) => browseNode(offer.variant.product.type) === node)?.variant.product.type; // prettier-ignore
	if (!type) throw new Refused(404, { code: 'NotFound', message: 'The requested resource does not exist.' });
	const random = createRandom(`${seller.sellerId}|node|${node}|${about}`);
	const base = { browseNodeId: node, displayName: type, ...where, dateRange: dates(seller) };
	const both = (most: number) => ({ topTwentyFivePercentProducts: percent(random, most), allProducts: percent(random, most) }); // prettier-ignore
	if (about === 'returns' && part === 'topics') {
		return ok({ ...base, topics: RETURNS.map((topic) => ({ topic, browseNodeMetrics: { occurrencePercentage: { allProducts: percent(random, 20) } } })) }); // prettier-ignore
	}
	if (about === 'returns') {
		const returnTrends = RETURNS.map((topic) => ({
			topic,
			trendMetrics: months(seller).map((dateRange) => ({
				dateRange,
				browseNodeMetrics: { occurrencePercentage: { allProducts: percent(random, 20) } }
			}))
		}));
		return ok({ ...base, returnTrends });
	}
	if (part === 'trends') {
		const of = (names: readonly string[]) =>
			names.map((topic) => ({
				topic,
				trendMetrics: months(seller).map((dateRange) => ({
					dateRange,
					browseNodeMetrics: { occurrencePercentage: both(20) }
				}))
			}));
		return ok({ ...base, reviewTrends: { positiveTopics: of(POSITIVE), negativeTopics: of(NEGATIVE) } });
	}
	const of = (names: readonly string[]) =>
		names.map((topic) => ({
			topic,
			browseNodeMetrics: {
				occurrencePercentage: both(20),
				starRatingImpact: {
					topTwentyFivePercentProducts: percent(random, 1),
					allProducts: percent(random, 1)
				}
			},
			reviewSnippets: [`${topic}: as hoped.`],
			subtopics: []
		}));
	return ok({ ...base, topics: { positiveTopics: of(POSITIVE), negativeTopics: of(NEGATIVE) } });
}
