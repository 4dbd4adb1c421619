import { inOrganization } from '../../platform/db.ts';
import { log } from '../../platform/log.ts';
import type { ChannelClient, RunContext } from '../channel.ts';
import { ChannelError, PageLost } from '../error.ts';
import { noteTrouble } from '../journal.ts';
import type { Json } from '../json.ts';
import { loadCursor, moveCursor, type Cursor } from './cursors.ts';
import { cursorName, parseNodes, writeBatch, type ResourcePlan } from './write.ts';

/** A span of changes, ISO 8601; without a beginning it is everything up to `to`. */
export interface Span {
	from: string | null;
	to: string;
	/** How often this window was begun anew: a plan may take smaller pages. */
	restarts: number;
}

/** How the changes of one kind of thing are read window by window. */
export interface WindowPlan<Client extends ChannelClient, Parsed> extends ResourcePlan<Parsed> {
	/**
	 * The pages of a window in order, `cursor` null after the last; `after` goes on from a page that was read before.
	 * @throws PageLost when the channel no longer knows the place
	 */
	pages(
		context: RunContext<Client>,
		span: Span,
		after: string | null
	): AsyncGenerator<{ nodes: Json[]; cursor: string | null }>;
	/** Fetches what pages leave out, in place, before anything of the page is written. */
	complete?(client: Client, nodes: Json[]): Promise<void>;
	/** Milliseconds that a window begins before the last one ended: changes become visible a little after their own time. */
	overlapMs?: number;
	/** The longest window the channel answers, in milliseconds. */
	longestMs?: number;
	/** Halves a window whose place was lost, rather than reading all of it again. */
	halves?: boolean;
	/** The instant up to which changes may be asked for now; five seconds ago unless the channel wants more. */
	horizon?(client: Client): Promise<Date>;
}

const OVERLAP_MS = 10 * 60_000;
const SKEW_MS = 5_000;
const MOST_RESTARTS = 12;
/** A window is not halved below this. */
const SHORTEST_MS = 10 * 60_000;

/**
 * Reads what changed since the last window, in as many windows as the channel needs; answers up to when everything is in. A
 * window that was cut off is finished first, from the page it had reached. `since` is where a resource begins that was never read.
 * @throws ChannelError when the channel's list breaks off again and again, or a window does not advance
 */
export async function readChanges<Client extends ChannelClient, Parsed>(
	context: RunContext<Client>,
	plan: WindowPlan<Client, Parsed>,
	since: Date | null = null
): Promise<Date> {
	let target = (await plan.horizon?.(context.client)) ?? new Date(Date.now() - SKEW_MS);
	let longest = plan.longestMs ?? Infinity;
	// what this very run has just read needs no overlap
	let overlapMs = plan.overlapMs ?? OVERLAP_MS;
	for (;;) {
		const cursor = await cursorOf(context, plan);
		const window = windowOf({ overlapMs, longestMs: longest }, cursor, target, since);
		if (!window.resumed) overlapMs = 0;
		// where places are lost in long windows, the next one is as short as the one that held, and then they grow again
		const held = await readWindow(context, plan, window.from, window.to);
		longest = Math.min(plan.longestMs ?? Infinity, held < Infinity ? held : longest * 2);
		const { syncedTo } = await cursorOf(context, plan);
		// a clock that was put right meanwhile: what it cannot tell yet is left to the next run
		const horizon = await plan.horizon?.(context.client);
		if (horizon && horizon < target) target = horizon;
		if (syncedTo === null || (cursor.syncedTo !== null && syncedTo < cursor.syncedTo)) throw stalled(context);
		if (syncedTo >= target) return syncedTo;
		if (cursor.syncedTo !== null && syncedTo <= cursor.syncedTo && !window.resumed) throw stalled(context);
	}
}

function windowOf(
	{ overlapMs, longestMs }: { overlapMs: number; longestMs: number },
	{ syncedTo, state }: Cursor,
	target: Date,
	since: Date | null
): { from: string | null; to: string; resumed: boolean } {
	if (state.windowTo !== undefined)
		return { from: state.windowFrom ?? null, to: state.windowTo, resumed: true };
	const from = syncedTo === null ? since : new Date(syncedTo.getTime() - overlapMs);
	let to = Math.max(target.getTime(), syncedTo?.getTime() ?? 0);
	const known = syncedTo ?? from;
	if (known !== null) to = Math.min(to, known.getTime() + longestMs);
	return {
		from: from?.toISOString() ?? null,
		to: new Date(to).toISOString(),
		resumed: false
	};
}

/**
 * Reads the changes of a window page by page, oldest first, each page with the cursor in one transaction; `from` null reads
 * from the beginning. A page that does not come whole is not written. Answers how many milliseconds new a window could hold:
 * Infinity unless its place was lost.
 */
export async function readWindow<Client extends ChannelClient, Parsed>(
	context: RunContext<Client>,
	plan: WindowPlan<Client, Parsed>,
	from: string | null,
	to: string
): Promise<number> {
	let span: Span = { from, to, restarts: 0 };
	for (;;) {
		const { syncedTo, state } = await cursorOf(context, plan);
		const same = state.windowTo === span.to && (state.windowFrom ?? null) === from;
		const restarts = same ? (state.restarts ?? 0) : span.restarts;
		span = { ...span, restarts };
		try {
			await readPages(context, plan, span, same ? (state.after ?? null) : null, syncedTo);
			const began = syncedTo?.getTime() ?? (span.from === null ? NaN : Date.parse(span.from));
			const held = Date.parse(span.to) - began;
			return span.restarts > 1 && plan.halves && held > 0 ? held : Infinity;
		} catch (error) {
			if (!(error instanceof PageLost)) throw error;
			log.warn({ err: error, resource: plan.resource, restarts }, 'a window is begun anew');
			noteTrouble(`The place in the list of ${plan.resource} was lost; its window was begun anew.`);
			if (restarts + 1 > MOST_RESTARTS)
				throw new ChannelError(
					'unavailable',
					`${context.channelLabel}’s list of ${plan.resource} broke off ${restarts + 1} times: ${error.message} Tidemark tries again later.`
				);
			const { endsAt } = error;
			if (endsAt && syncedTo && endsAt <= syncedTo)
				throw new ChannelError('unavailable', `${error.message} Tidemark tries again later.`, null, {
					cause: error
				});
			// the first time the window may do as it is; lost again, it is too long
			const shorter = plan.halves && restarts > 0 ? halved(span, syncedTo) : span;
			span = { ...(endsAt ? { ...span, to: endsAt.toISOString() } : shorter), restarts: restarts + 1 };
			const begun = {
				...(from !== null && { windowFrom: from }),
				windowTo: span.to,
				restarts: span.restarts
			};
			await inOrganization(context.connection.organizationId, (tx) =>
				moveCursor(tx, context.connection, cursorName(plan), { syncedTo, state: begun })
			);
			context.client.traffic.retries++;
		}
	}
}

async function readPages<Client extends ChannelClient, Parsed>(
	context: RunContext<Client>,
	plan: WindowPlan<Client, Parsed>,
	span: Span,
	resumed: string | null,
	syncedTo: Date | null
): Promise<void> {
	const { from, to, restarts } = span;
	for await (const { nodes, cursor: after } of plan.pages(context, span, resumed)) {
		await plan.complete?.(context.client, nodes);
		const place = {
			windowTo: to,
			...(from !== null && { windowFrom: from }),
			...(restarts > 0 && { restarts })
		};
		await writeBatch(context, plan, await parseNodes(plan, nodes, 'poll'), {
			syncedTo: after === null ? new Date(to) : syncedTo,
			state: after === null ? {} : { ...place, after }
		});
	}
}

/** The first half of what a window brings that is new. */
function halved(span: Span, syncedTo: Date | null): Span {
	const known = Math.max(span.from === null ? 0 : Date.parse(span.from), syncedTo?.getTime() ?? 0);
	if (known === 0) return span;
	const end = Date.parse(span.to);
	const half = known + Math.max(SHORTEST_MS, Math.floor((end - known) / 2));
	return { ...span, to: new Date(Math.min(half, Math.max(end, known))).toISOString() };
}

function stalled({ channelLabel }: RunContext): ChannelError {
	return new ChannelError(
		'unavailable',
		`${channelLabel} answered a window of changes that does not advance. Tidemark tries again later.`
	);
}

function cursorOf(
	context: RunContext,
	plan: Pick<ResourcePlan<unknown>, 'resource' | 'cursor'>
): Promise<Cursor> {
	return inOrganization(context.connection.organizationId, (tx) =>
		loadCursor(tx, context.connection, cursorName(plan))
	);
}
