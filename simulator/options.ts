import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FAULTS, parseFaults } from './faults.ts';
import { PLANS, SCOPES } from './shopify/tenant.ts';
import { MOST_PRODUCTS } from './world/catalogue.ts';
import { MARKETS, type MarketName } from './world/market/model.ts';
import { SITE_CODES } from './world/market/sites.ts';

/** What one marketplace is like. */
export interface MarketPlan {
	ordersPerDay: number;
	/** Live orders a minute. */
	rate: number;
	/** Site codes; empty for the one of the shop's currency. */
	sites: string[];
	/** Multiplies the documented request rates. */
	quota: number;
}

export interface Options {
	port: number;
	host: string;
	seed: string;
	speed: number;
	rate: number;
	shop: string;
	shops: number;
	products: number;
	months: number;
	ordersPerDay: number;
	currency: string;
	timeZone: string;
	now: number | null;
	replay: string | null;
	replayLive: number;
	webhooks: boolean;
	plan: string;
	bucket: number;
	queryCap: number;
	bulkDelay: number;
	clientId: string | null;
	clientSecret: string | null;
	accessToken: string | null;
	/** Access scopes of the shop, with commas between. */
	scopes: string;
	faults: string[];
	parent: boolean;
	/** The marketplaces that exist beside the shop. */
	markets: Map<MarketName, MarketPlan>;
}

export class OptionError extends Error {}

export const HELP = `Usage: npm run simulator -- [options]

A local stand-in for Shopify, Amazon and Walmart over one made-up seller: history, then live orders.

  --port N              port to listen on (4100; 0 picks a free one)
  --host ADDRESS        address to listen on (127.0.0.1)
  --seed TEXT           the world's seed (1): the same seed and --now give the same world
  --now ISO             end of the history (the present)
  --shop DOMAIN         shop domain (alder-finch.myshopify.com)
  --shops N             several shops, named shop-1.myshopify.com and so on (1)
  --products N          products in the catalogue, 1 to ${MOST_PRODUCTS} (240)
  --months N            months of history, 0 to 60 (24)
  --orders-per-day N    average orders a day of the history (48)
  --currency CODE       currency of the shop, with two decimals (USD)
  --time-zone ZONE      time zone of the shop (America/Los_Angeles)
  --rate N              live orders a minute, 0 for none (2)
  --speed N             simulated seconds per real second: multiplies the rate, shortens waits and retries (1)
  --webhooks on|off     send webhooks (on)
  --plan NAME           ${Object.keys(PLANS).join(', ')}: points restored a second (standard)
  --bucket N            size of the query cost bucket (2000)
  --query-cap N         most points one query may cost (1000)
  --channels LIST       shopify, amazon, walmart (all three; with --replay or --shops only shopify)
  --amazon-orders-per-day N, --walmart-orders-per-day N
                        average orders a day of the marketplace's history (0.9 and 0.35 times the shop's)
  --amazon-rate N, --walmart-rate N
                        live orders a minute, from when someone connects (0.9 and 0.35 times --rate)
  --amazon-sites LIST   countries sold in, the main one first: ${SITE_CODES.join(', ')} (by currency)
  --amazon-quota N, --walmart-quota N
                        multiplies the documented request rates (1)
  --bulk-delay MS       wait before a bulk operation runs (200)
  --replay FILE         a CSV (or CSV.gz) of real transactions instead of the made-up world
  --replay-live N       send the replayed invoices as live orders, N a minute, instead of as history
  --client-id TEXT      app credentials; each has a default made from the seed
  --client-secret TEXT
  --access-token TEXT   legacy access token (single shop)
  --scopes LIST         what the app may do in the shop (all); without read_reports no ShopifyQL, and so on
  --fault LIST          faults from the start, for example F16,F17 (all: see below)
  --parent              end when the parent process closes standard input
  --help                this text

Faults:
${Object.entries(FAULTS)
	.map(([id, text]) => `  ${id}  ${text}`)
	.join('\n')}
`;

const DEFINITIONS = {
	port: { type: 'string' },
	host: { type: 'string' },
	seed: { type: 'string' },
	now: { type: 'string' },
	shop: { type: 'string' },
	shops: { type: 'string' },
	products: { type: 'string' },
	months: { type: 'string' },
	'orders-per-day': { type: 'string' },
	currency: { type: 'string' },
	'time-zone': { type: 'string' },
	rate: { type: 'string' },
	speed: { type: 'string' },
	webhooks: { type: 'string' },
	plan: { type: 'string' },
	bucket: { type: 'string' },
	'query-cap': { type: 'string' },
	channels: { type: 'string' },
	'amazon-orders-per-day': { type: 'string' },
	'walmart-orders-per-day': { type: 'string' },
	'amazon-rate': { type: 'string' },
	'walmart-rate': { type: 'string' },
	'amazon-sites': { type: 'string' },
	'amazon-quota': { type: 'string' },
	'walmart-quota': { type: 'string' },
	'bulk-delay': { type: 'string' },
	replay: { type: 'string' },
	'replay-live': { type: 'string' },
	'client-id': { type: 'string' },
	'client-secret': { type: 'string' },
	'access-token': { type: 'string' },
	scopes: { type: 'string' },
	fault: { type: 'string', multiple: true },
	parent: { type: 'boolean' },
	help: { type: 'boolean', short: 'h' }
} as const;

type Values = Partial<Record<string, string | boolean | string[]>>;

/** Orders of a marketplace beside those of the shop. */
export const SHARES: Readonly<Record<MarketName, number>> = { amazon: 0.9, walmart: 0.35 };

/** Currencies without two decimals would need other rounding than the world has. */
const TWO_DECIMALS = /^(USD|EUR|GBP|CAD|AUD|NZD|NOK|SEK|DKK|CHF|PLN|CZK|MXN|BRL|SGD|HKD|ZAR|INR)$/;

/** Parses the command line; null when help was asked for. Throws OptionError naming the bad option. */
export function parseOptions(args: readonly string[]): Options | null {
	let values: Values;
	try {
		values = parseArgs({ args: [...args], options: DEFINITIONS, strict: true }).values;
	} catch (error) {
		throw new OptionError((error as Error).message);
	}
	if (values.help) return null;

	const text = (name: string) => (typeof values[name] === 'string' ? values[name] : null);
	const number = (name: string, fallback: number, low: number, high: number, whole = true): number => {
		const given = text(name);
		if (given === null) return fallback;
		const value = Number(given);
		if (given.trim() === '' || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
			throw new OptionError(`--${name} must be a ${whole ? 'whole ' : ''}number, not "${given}"`);
		}
		if (value < low || value > high) throw new OptionError(`--${name} must be between ${low} and ${high}`);
		return value;
	};
	const choice = (name: string, fallback: string, allowed: readonly string[]): string => {
		const given = text(name) ?? fallback;
		if (!allowed.includes(given)) throw new OptionError(`--${name} must be one of ${allowed.join(', ')}`);
		return given;
	};

	const replay = text('replay');
	if (replay !== null && !existsSync(replay)) throw new OptionError(`--replay: there is no file "${replay}"`);
	const shop = text('shop') ?? (replay ? 'online-retail.myshopify.com' : 'alder-finch.myshopify.com');
	if (!/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/.test(shop)) {
		throw new OptionError(`--shop must look like name.myshopify.com, not "${shop}"`);
	}
	const currency = text('currency') ?? (replay ? 'GBP' : 'USD');
	if (!TWO_DECIMALS.test(currency)) throw new OptionError(`--currency "${currency}" is not supported`);
	const nowText = text('now');
	const now = nowText === null ? null : Date.parse(nowText);
	if (now !== null && Number.isNaN(now))
		throw new OptionError(`--now must be a date and time, not "${nowText}"`);
	const shops = number('shops', 1, 1, 500);
	if (replay && shops > 1) throw new OptionError('--shops cannot be combined with --replay');
	if (text('replay-live') !== null && !replay) throw new OptionError('--replay-live needs --replay');
	if (text('access-token') !== null && shops > 1) throw new OptionError('--access-token needs a single shop');
	let faults: string[];
	try {
		faults = parseFaults(((values.fault as string[] | undefined) ?? []).flatMap((list) => list.split(',')));
	} catch (error) {
		throw new OptionError(`--fault: ${(error as Error).message}`);
	}

	const channels = (text('channels') ?? (replay || shops > 1 ? 'shopify' : 'shopify,amazon,walmart')).split(
		','
	);
	const unknown = channels.find((name) => name !== 'shopify' && !MARKETS.some((market) => market === name));
	if (unknown !== undefined) throw new OptionError(`--channels: there is no channel "${unknown}"`);
	if (replay && channels.length > 1) throw new OptionError('--channels cannot be combined with --replay');
	const sites = text('amazon-sites')?.split(',') ?? [];
	const nowhere = sites.find((code) => !SITE_CODES.includes(code));
	if (nowhere !== undefined) throw new OptionError(`--amazon-sites: there is no site "${nowhere}"`);
	const rate = number('rate', replay ? 0 : 2, 0, 600_000, false);
	const ordersPerDay = number('orders-per-day', 48, 0, 2000, false);
	const markets = new Map<MarketName, MarketPlan>();
	for (const name of MARKETS) {
		const share = SHARES[name];
		if (!channels.includes(name)) continue;
		markets.set(name, {
			ordersPerDay: number(`${name}-orders-per-day`, ordersPerDay * share, 0, 5000, false),
			rate: number(`${name}-rate`, rate * share, 0, 600_000, false),
			sites: name === 'amazon' ? sites : [],
			quota: number(`${name}-quota`, 1, 0.01, 1_000_000, false)
		});
	}

	return {
		port: number('port', 4100, 0, 65_535),
		host: text('host') ?? '127.0.0.1',
		seed: text('seed') ?? '1',
		speed: number('speed', 1, 0.01, 100_000, false),
		rate,
		shop,
		shops,
		products: number('products', 240, 1, MOST_PRODUCTS),
		months: number('months', 24, 0, 60),
		ordersPerDay,
		currency,
		timeZone: checkedZone(text('time-zone') ?? (replay ? 'Europe/London' : 'America/Los_Angeles')),
		now,
		replay,
		replayLive: number('replay-live', 0, 0, 600_000, false),
		webhooks: choice('webhooks', 'on', ['on', 'off']) === 'on',
		plan: choice('plan', 'standard', Object.keys(PLANS)),
		bucket: number('bucket', 2000, 1, 1_000_000),
		queryCap: number('query-cap', 1000, 1, 1_000_000),
		bulkDelay: number('bulk-delay', 200, 0, 600_000),
		clientId: text('client-id'),
		clientSecret: text('client-secret'),
		accessToken: text('access-token'),
		scopes: text('scopes') ?? SCOPES,
		faults,
		parent: values.parent === true,
		markets
	};
}

function checkedZone(zone: string): string {
	try {
		new Intl.DateTimeFormat('en', { timeZone: zone });
		return zone;
	} catch {
		throw new OptionError(`--time-zone "${zone}" is not a known time zone`);
	}
}
