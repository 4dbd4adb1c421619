import type { JobHandler } from '../../platform/queue.ts';
import { eraseAsked } from '../privacy/erase.ts';
import { eraseJob, fetchOrdersJob, listenJob, pruneJob, sweepJob, syncJob } from '../jobs.ts';
import { fetchOrders } from './fetch-orders.ts';
import { listen } from './listen.ts';
import { givingWay } from './giving-way.ts';
import { performRun } from './perform.ts';
import { prune } from './prune.ts';
import { enqueueNext, sweep } from './sweep.ts';

/** The work behind this domain's jobs. */
export const channelHandlers: JobHandler[] = [
	{ contract: sweepJob, run: () => sweep() } satisfies JobHandler<typeof sweepJob.payload>,
	{
		contract: syncJob,
		async run(payload, { signal }) {
			await givingWay(signal, async (own, onquiet) => {
				const ended = await performRun(payload, own, onquiet);
				// a process that stops takes nothing more: the sweep of the next one does
				if (ended && !signal.aborted) await enqueueNext(payload.organizationId, payload.connectionId);
			});
		}
	} satisfies JobHandler<typeof syncJob.payload>,
	{
		contract: fetchOrdersJob,
		run: (payload, { signal }) => fetchOrders(payload, signal)
	} satisfies JobHandler<typeof fetchOrdersJob.payload>,
	{
		contract: listenJob,
		run: (_payload, { signal }) => listen(signal)
	} satisfies JobHandler<typeof listenJob.payload>,
	{ contract: eraseJob, run: (payload) => eraseAsked(payload) } satisfies JobHandler<typeof eraseJob.payload>,
	{ contract: pruneJob, run: () => prune() } satisfies JobHandler<typeof pruneJob.payload>
] as JobHandler[];
