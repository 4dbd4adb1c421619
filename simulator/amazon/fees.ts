import type { Offer } from '../world/market/model.ts';
import { siteOf } from './marketplaces.ts';
import { invalid, ok, type Reply } from './reply.ts';
import type { AmazonSeller } from './seller.ts';

interface Money {
	CurrencyCode?: string;
	Amount?: number;
}

interface Asked {
	MarketplaceId?: string;
	IsAmazonFulfilled?: boolean;
	PriceToEstimateFees?: { ListingPrice?: Money; Shipping?: Money };
	Identifier?: string;
}

type IdType = 'ASIN' | 'SellerSKU';

/** POST .../listings/{SellerSKU}/feesEstimate and .../items/{Asin}/feesEstimate. */
export function estimateOne(
	seller: AmazonSeller,
	type: IdType,
	id: string,
	body: Record<string, unknown>
): Reply {
	const asked = (body.FeesEstimateRequest ?? {}) as Asked;
	return ok({ payload: { FeesEstimateResult: estimate(seller, type, id, asked) } });
}

/** POST /products/fees/v0/feesEstimate: 20 at most, each with its own outcome. */
export function estimateMany(seller: AmazonSeller, body: unknown): Reply {
	if (!Array.isArray(body) || body.length === 0 || body.length > 20) throw invalid('Give 1 to 20 requests');
	return ok(
		(body as { FeesEstimateRequest?: Asked; IdType?: IdType; IdValue?: string }[]).map((one) => {
			return estimate(seller, one.IdType ?? 'SellerSKU', one.IdValue ?? '', one.FeesEstimateRequest ?? {});
		})
	);
}

function estimate(seller: AmazonSeller, type: IdType, id: string, asked: Asked) {
	const market = seller.market();
	const price = asked.PriceToEstimateFees?.ListingPrice;
	const site = siteOf(market, asked.MarketplaceId ?? '');
	const found = market.offers.filter((offer) => (type === 'ASIN' ? offer.itemId : offer.sku) === id);
	const offer = found.find((one) => (one.stock !== null) === (asked.IsAmazonFulfilled ?? false)) ?? found[0];
	const identifier = {
		MarketplaceId: asked.MarketplaceId ?? '',
		SellerId: seller.sellerId,
		IdType: type,
		IdValue: id,
		IsAmazonFulfilled: asked.IsAmazonFulfilled ?? false,
		...(price && { PriceToEstimateFees: asked.PriceToEstimateFees }),
		SellerInputIdentifier: asked.Identifier ?? ''
	};
	if (!site || !offer || price?.Amount === undefined || price.CurrencyCode !== site.currency) {
		return {
			Status: 'ClientError',
			FeesEstimateIdentifier: identifier,
			Error: {
				Type: 'Sender',
				Code: 'InvalidParameterValue',
				Message: offer
					? 'The price or the marketplace is not valid'
					: 'There is an client-side error. Please verify your inputs.',
				Detail: []
			}
		};
	}
	const base = Math.round((price.Amount + (asked.PriceToEstimateFees?.Shipping?.Amount ?? 0)) * 100);
	const referral = Math.max(Math.round(30 * site.rate), Math.round(base * offer.referral));
	const handling = asked.IsAmazonFulfilled ? Math.round(handlingOf(offer) * site.rate) : 0;
	const money = (cents: number) => ({ CurrencyCode: site.currency, Amount: cents / 100 });
	const detail = (FeeType: string, cents: number) => ({
		FeeType,
		FeeAmount: money(cents),
		FeePromotion: money(0),
		FinalFee: money(cents)
	});
	return {
		Status: 'Success',
		FeesEstimateIdentifier: identifier,
		FeesEstimate: {
			TimeOfFeesEstimation: new Date(seller.now()).toISOString(),
			TotalFeesEstimate: money(referral + handling),
			FeeDetailList: [
				detail('ReferralFee', referral),
				detail('VariableClosingFee', 0),
				detail('PerItemFee', 0),
				{ ...detail('FBAFees', handling), IncludedFeeDetailList: [detail('FBAPickAndPack', handling)] }
			]
		}
	};
}

/** What Amazon would take for handling, also of what the seller ships until now. */
function handlingOf(offer: Offer): number {
	return offer.unitFee || offer.twin?.unitFee || 519;
}
