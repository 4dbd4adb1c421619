import { recordTransactions, type ChannelTransaction } from '../../../finances/index.ts';
import { inOrganization } from '../../../platform/db.ts';
import type { RunContext } from '../../channel.ts';
import { readChanges, type WindowPlan } from '../../sync/window.ts';
import { inThousands } from '../../sync/write.ts';
import type { ShopifyClient } from '../client.ts';
import { pages } from '../discover.ts';
import { parseBalanceTransaction, parsePayout } from '../parse-transaction.ts';
import { BALANCE_TRANSACTIONS_PAGE, PAYMENTS_ACCOUNT, PAYOUTS_PAGE } from '../queries.ts';
import { object, type Json } from '../read.ts';

type ShopifyRun = RunContext<ShopifyClient>;

/** What the app must be allowed, to read fees and payouts. */
export const PAYMENTS_SCOPE = 'read_shopify_payments_payouts';
const DAY_MS = 86_400_000;
const ROWS_A_PAGE = 100;
/** Movements are shown late now and then, and payouts are paid days after they were scheduled. */
const OVERLAP_MS = 3 * DAY_MS;
const PAYOUT_OVERLAP_MS = 14 * DAY_MS;
/** Without read_all_orders the shop shows the orders of 60 days: fees of older ones would stand without their sales. */
const SHOWN_DAYS = 60;

function plan(
	own: Pick<WindowPlan<ShopifyClient, ChannelTransaction | null>, 'cursor' | 'overlapMs' | 'parse'> & {
		query: string;
		field: 'balanceTransactions' | 'payouts';
		dated: 'processed_at' | 'issued_at';
	}
): WindowPlan<ShopifyClient, ChannelTransaction | null> {
	return {
		resource: 'transactions',
		cursor: own.cursor,
		overlapMs: own.overlapMs,
		parse: own.parse,
		pages: ({ client }, { from, to }, after) =>
			pages(ofAccount(client), own.query, own.field, {
				first: ROWS_A_PAGE,
				query: between(own.dated, from, to),
				after
			}),
		async write(tx, { connection, timeZone }, rows) {
			const told = rows.filter((row) => row !== null);
			const counts = await inThousands(told, async (part) => {
				const { outcomes, events } = await recordTransactions(
					tx,
					part.map((transaction) => ({
						organizationId: connection.organizationId,
						connectionId: connection.id,
						channel: 'shopify' as const,
						timeZone,
						transaction
					}))
				);
				const written = outcomes.filter((one) => one === 'created' || one === 'updated').length;
				return { written, unchanged: outcomes.length - written, events };
			});
			// charges without a fee stand in the orders
			return { ...counts, unchanged: rows.length - counts.written };
		}
	};
}

const transactionsPlan = plan({
	cursor: 'transactions',
	overlapMs: OVERLAP_MS,
	query: BALANCE_TRANSACTIONS_PAGE,
	field: 'balanceTransactions',
	dated: 'processed_at',
	parse: parseBalanceTransaction
});
const payoutsPlan = plan({
	cursor: 'transactions:payouts',
	overlapMs: PAYOUT_OVERLAP_MS,
	query: PAYOUTS_PAGE,
	field: 'payouts',
	dated: 'issued_at',
	parse: parsePayout
});

/**
 * Fees of Shopify Payments and its payouts, since the last run or as far back as the shop shows orders. A shop that does not grant the
 * scope, or takes money by another provider, tells no fees: that is noted on the connection and no failure.
 */
export async function financesRun(context: ShopifyRun): Promise<void> {
	const { facts } = context.connection;
	const scopes = Array.isArray(facts.scopes) ? facts.scopes : [];
	if (!scopes.includes(PAYMENTS_SCOPE)) return noteFees(context, WITHOUT_SCOPE);
	const account = object((await context.client.ask(PAYMENTS_ACCOUNT)).shopifyPaymentsAccount);
	if (!account) return noteFees(context, WITHOUT_ACCOUNT);
	await noteFees(context, null);
	const since = facts.allOrders === true ? null : new Date(Date.now() - SHOWN_DAYS * DAY_MS);
	await readChanges(context, transactionsPlan, since);
	await readChanges(context, payoutsPlan, since);
}

const WITHOUT_SCOPE = `The app lacks the ${PAYMENTS_SCOPE} scope, so fees are unknown. Add it in the app’s configuration (Admin API access scopes), save and install the app again.`;
const WITHOUT_ACCOUNT =
	'The shop does not use Shopify Payments, and Shopify tells no fees of other providers: they are unknown.';

async function noteFees({ connection }: ShopifyRun, reason: string | null): Promise<void> {
	await inOrganization(
		connection.organizationId,
		({ sql }) => sql`
		update connections set facts = jsonb_set(facts, '{withheld}', jsonb_strip_nulls(
			coalesce(nullif(facts -> 'withheld', 'null'::jsonb), '{}') || jsonb_build_object('fees', ${reason}::text)))
		where organization_id = ${connection.organizationId} and id = ${connection.id}`
	);
}

/** The same client, with the payments account's lists at the root of the answer. */
function ofAccount(client: ShopifyClient): ShopifyClient {
	return {
		...client,
		async ask(query, variables, options): Promise<Json> {
			const data = await client.ask(query, variables, options);
			return object(data.shopifyPaymentsAccount) ?? {};
		}
	};
}

/** A window as Shopify's search writes it, in whole seconds; null for everything. */
function between(name: string, from: string | null, to: string): string | null {
	if (from === null) return null;
	const seconds = (iso: string) => iso.replace(/\.\d+Z$/, 'Z');
	return `${name}:>='${seconds(from)}' AND ${name}:<='${seconds(to)}'`;
}
