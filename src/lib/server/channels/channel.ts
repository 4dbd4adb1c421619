import type { Channel as ChannelName } from '#lib/contracts/channels.ts';
import type { PendingEvent } from '../live/index.ts';
import type { ChannelOrder } from '../orders/index.ts';
import type { Tx } from '../platform/db.ts';
import type { ConnectionRow } from './connection-rows.ts';
import type { Credentials } from './credentials.ts';
import type { Traffic } from './http.ts';
import type { Json } from './json.ts';
import type { Resource } from './sync/cursors.ts';
import type { Progress, RunKind, TakenRun } from './sync/runs.ts';

/** What the engine knows of every channel's client. */
export interface ChannelClient {
	readonly traffic: Traffic;
	/** What a run learnt about the account, kept on the connection's facts: limits left, versions. Null values are kept too. */
	facts?(): Record<string, unknown>;
}

/** An account whose credentials are at hand. `row` is absent while it is being connected: nothing can be stored then. */
export interface Account {
	externalId: string;
	baseUrl: string | null;
	credentials: Credentials;
	row?: { id: string; organizationId: string };
	/** What is stored about the connection. */
	facts?: Record<string, unknown>;
}

/** What an account tells about itself. `currency` ISO 4217, `timeZone` IANA; the rest is kept as facts. */
export interface Discovered {
	name: string;
	currency: string;
	timeZone: string;
	facts: Record<string, unknown>;
}

/** What a piece of a run works with. */
export interface RunContext<Client extends ChannelClient = ChannelClient> {
	connection: ConnectionRow;
	/** As people know the channel: Shopify. */
	channelLabel: string;
	/** The organization's, IANA: days are its days. */
	timeZone: string;
	run: TakenRun;
	client: Client;
	signal: AbortSignal;
	progress: ProgressBook;
	/** Throws when a person paused or disconnected, or the process ends. */
	assertWanted(): void;
}

export interface ProgressBook {
	readonly all: Progress;
	total(resource: Resource, total: number | null): void;
	/** `done` counts what was read; the outcomes say what became of it. */
	add(
		resource: Resource,
		counts: { done: number; written?: number; unchanged?: number; dead?: number }
	): void;
}

/** Where a message that was set aside belongs. `timeZone` the organization's, `currency` the account's. */
export interface Place {
	organizationId: string;
	connectionId: string;
	timeZone: string;
	currency: string | null;
	/** The account's id at the channel. */
	externalId: string;
}

/**
 * A channel: everything the engine needs, and nothing it must know itself. Listed in registry.ts. Methods, so that a channel's
 * own client type fits a list of channels.
 */
export interface Channel<Client extends ChannelClient = ChannelClient> {
	readonly name: ChannelName;
	readonly label: string;
	/** Minutes between two runs of a kind; `reconcile` runs nightly at 02:00 in the organization's zone where `runs` has it. */
	readonly every: Readonly<Partial<Record<Exclude<RunKind, 'reconcile'>, number>>> & { incremental: number };
	/** Opens the account's API. Nothing is sent yet. */
	open(account: Account, options?: { signal?: AbortSignal }): Client;
	/**
	 * Proves that the credentials open this very account with all the rights we need.
	 * @throws ChannelError naming the wrong credential in `field`, or what is missing
	 */
	discover(client: Client): Promise<Discovered>;
	/** One function for each kind of run this channel has; each throws ChannelError for what the channel does. */
	readonly runs: ChannelRuns<Client>;
	/** Reads single orders now; those the channel does not show yet are left out of the answer. */
	fetchOrders(client: Client, externalIds: readonly string[]): Promise<ChannelOrder[]>;
	/** Adds what the channel tells apart from its orders (Amazon: refunds), in the transaction that writes them. */
	join?(tx: Tx, place: Place, orders: readonly ChannelOrder[]): Promise<ChannelOrder[]>;
	/** Writes a node that a sync set aside, read anew. @throws Unparsable when it still cannot be understood */
	reapply(tx: Tx, place: Place, resource: Resource, node: Json): Promise<PendingEvent[]>;
	/**
	 * Reads a message of this channel: the order it speaks of, or null for one that asks for nothing.
	 * @throws Unparsable; the message is then kept as a dead letter
	 */
	readHint?(topic: string, body: Buffer): string | null;
	/** What new credentials take over from those they replace. */
	replacing?(before: Credentials, now: Credentials): Credentials;
	/** True when the channel tells this connection of changes at once, not only with each sync. */
	hearsAtOnce(connection: { isSimulated: boolean; baseUrl: string | null }): boolean;
	/** Reads messages that wait at the channel (a queue of notifications) until `signal` fires; see intake/hints.ts. */
	listen?(signal: AbortSignal): Promise<void>;
}

export interface ChannelRuns<Client extends ChannelClient> {
	/** The first sync; it ends with `markFresh`. */
	backfill(context: RunContext<Client>): Promise<void>;
	/** What changed; it ends with `markFresh`. */
	incremental(context: RunContext<Client>): Promise<void>;
	stock?(context: RunContext<Client>): Promise<void>;
	catalog?(context: RunContext<Client>): Promise<void>;
	finances?(context: RunContext<Client>): Promise<void>;
	/** The nightly check against an independent figure. */
	reconcile?(context: RunContext<Client>): Promise<void>;
}
