import type { Channel } from './channels.ts';
import type { LiveRun } from './live.ts';

export type ConnectionState =
	'connecting' | 'healthy' | 'degraded' | 'needs_reauthorization' | 'paused' | 'disconnected';

/** What every page may want to know of a connection. Instants are ISO 8601 in UTC. */
export interface ConnectionSummary {
	id: string;
	channel: Channel;
	name: string;
	status: ConnectionState;
	/** Why it is not healthy and what to do, in a sentence. */
	statusReason: string | null;
	/** Everything up to this instant is in. */
	freshAt: string | null;
	lastWebhookAt: string | null;
}

/** A connection as its own pages show it. */
export interface ConnectionView extends ConnectionSummary {
	/** The account at the channel: the shop's domain. */
	account: string;
	authMethod: string;
	isSimulated: boolean;
	currency: string | null;
	/** Median milliseconds between the shop's event and our commit in the last hour; null without deliveries. */
	lagMs: number | null;
	webhooksLastHour: number;
	/** Placed on the organization's present day, whatever became of them. */
	ordersToday: number;
	deadLetters: number;
	nextRunAt: string | null;
	/** Without public address Shopify cannot reach us: changes arrive with each sync only. */
	webhooksPossible: boolean;
	/** False when Shopify shows only the last 60 days of orders. */
	allOrders: boolean;
	/** The run at work, or the first sync when it failed. */
	run: LiveRun | null;
}

export interface RunView {
	id: string;
	kind: string;
	status: string;
	trigger: string;
	progress: LiveRun['progress'];
	requests: number;
	retries: number;
	error: string | null;
	queuedAt: string;
	startedAt: string | null;
	finishedAt: string | null;
}

/** What a run noted of its own way. */
export interface RunJournal {
	/** Pages (commits) written, by resource. */
	pages: Record<string, number>;
	/** Milliseconds spent waiting because the channel asked for it or did not answer. */
	waitedMs: number;
	/** What the channel refused or kept us waiting for: one line per kind, instants ISO 8601. */
	troubles: { what: string; count: number; waitedMs: number; firstAt: string; lastAt: string }[];
}

/** A delivery that could not be read or written: kept until a person decides. */
export interface DeadLetterView {
	id: string;
	topic: string;
	error: string;
	receivedAt: string;
	attempts: number;
	/** Bytes of the body. */
	size: number;
}

/** What a shop asked about its buyers: for their data, or to erase it. */
export interface PrivacyRequestView {
	id: string;
	kind: 'data_request' | 'customer_redact' | 'shop_redact';
	/** The channel's id of the buyer. */
	customer: string | null;
	receivedAt: string;
	/** Null while a request for data waits for an answer. */
	doneAt: string | null;
}
