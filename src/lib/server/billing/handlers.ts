import { log } from '../platform/log.ts';
import type { JobHandler } from '../platform/queue.ts';
import { asSystem } from '../platform/system.ts';
import { applyEventJob, sweepEventsJob } from './jobs.ts';
import { applyEvent } from './mirror.ts';

/** Events in one sweep, and how old they must be: a job of their own is at work before that. */
const AT_ONCE = 200;
const WAIT_MINUTES = 5;
/** Customers are named by a checkout of ours within this time, or never. Events older than that are forgotten. */
const KEEP_DAYS = 60;

export const billingHandlers: readonly JobHandler[] = [
	{
		contract: applyEventJob,
		run: (payload) => applyEvent((payload as { id: string }).id)
	},
	{
		contract: sweepEventsJob,
		run: async (_payload, { signal }) => {
			const waiting = await asSystem('billing: mirror what Stripe says', async ({ sql }) => {
				await sql`delete from stripe_events where applied_at < now() - make_interval(days => ${KEEP_DAYS})`;
				return sql<{ id: string }[]>`
					select id from stripe_events where applied_at is null and received_at < now() - make_interval(mins => ${WAIT_MINUTES})
					order by received_at limit ${AT_ONCE}`;
			});
			for (const { id } of waiting) {
				if (signal.aborted) return;
				await applyEvent(id).catch((error: unknown) =>
					log.error({ err: error, event: id }, 'an event of Stripe waits')
				);
			}
		}
	}
];
