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
	/** Null for members who see only some of them. */
	ordersToday: number | null;
	deadLetters: number;
	nextRunAt: string | null;
	/** Without public address Shopify cannot reach us: changes arrive with each sync only. */
	webhooksPossible: boolean;
	/** False when Shopify shows only the last 60 days of orders. */
	allOrders: boolean;
	/** The run at work, or the first sync when it failed. */
	run: LiveRun | null;
	health: ConnectionHealth;
	/** What the channel still let us ask after the last run, the tightest first. */
	limits: LimitView[];
}

/** Runs of the last 30 days that ended well or badly; those stopped by a person count for neither. */
export interface ConnectionHealth {
	succeeded: number;
	failed: number;
	/** The organization's days, oldest first, today last; 30 of them. */
	days: { day: string; succeeded: number; failed: number }[];
	/** When the last run ended well. */
	lastSuccessAt: string | null;
	/** The last run that failed, as long as none of its kind has ended well since. */
	failing: { runId: string; kind: string; at: string; error: string } | null;
}

/** A bucket of calls: so many left, of at most so many, and so many come back each second. */
export interface LimitView {
	name: string;
	left: number;
	most: number | null;
	rate: number;
}

/** One kind of run of a connection: how it went and when it comes again. Instants ISO 8601. */
export interface ScheduleView {
	kind: string;
	/** Minutes between two runs; null for the nightly one. */
	every: number | null;
	last: { runId: string; status: string; at: string; error: string | null } | null;
	/** A run of this kind waits or works now. */
	active: 'queued' | 'running' | null;
	succeeded: number;
	failed: number;
	/** Median of those that ended well; milliseconds. */
	medianMs: number | null;
	nextAt: string | null;
}

/** What is kept of one kind of thing, and up to when it is whole. */
export interface StoredView {
	resource: string;
	count: number;
	syncedTo: string | null;
}

/** Fees of the last 30 days in one currency, by how certain they are; decimal strings, negative costs. */
export interface FeesView {
	currency: string;
	settled: string;
	deferred: string;
	estimated: string;
}

/** Visits of the last 30 days as the channel counts them. */
export interface VisitsView {
	sessions: number;
	/** Null where the channel does not tell how many ended with an order. */
	converted: number | null;
	/** Null where the channel does not tell units ordered. */
	units: number | null;
	/** The youngest day that is known, YYYY-MM-DD. */
	lastDay: string;
	days: number;
}

/** What the channel does not let us read although it exists, in words. */
export interface WithheldView {
	what: string;
	reason: string;
}

export interface RunView {
	id: string;
	kind: string;
	status: string;
	trigger: string;
	progress: LiveRun['progress'];
	requests: number;
	retries: number;
	/** Milliseconds the channel kept it waiting. */
	waitedMs: number;
	error: string | null;
	/** A run that was told to wait goes on then. */
	resumeAt: string | null;
	queuedAt: string;
	startedAt: string | null;
	finishedAt: string | null;
}

/** A run among those of all connections. */
export interface RecentRun extends RunView {
	connectionId: string;
	connectionName: string;
	channel: Channel;
}

/** A run with everything it noted. */
export interface RunDetail extends RunView {
	journal: RunJournal;
	/** The runs of the same kind before and after. */
	before: string | null;
	after: string | null;
	deadLetters: DeadLetterView[];
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
