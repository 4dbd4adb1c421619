import { asSystem } from '../../platform/system.ts';

/** How long what was processed is kept: deliveries for the dedupe of late retries and for questions, runs for the page. */
const INBOX_DAYS = 7;
const RUN_DAYS = 30;
const BATCH = 5_000;
/** Requests of buyers and shops: kept until they are answered. */
const PRIVACY = ['customers/data_request', 'customers/redact', 'shop/redact'];

/** Removes processed deliveries and old runs, in small transactions. Dead letters stay until a person decides. */
export async function prune(): Promise<void> {
	for (;;) {
		const removed = await asSystem(
			'sweep: due work of all organizations',
			({ sql }) => sql`
			delete from inbox where id in (select id from inbox where received_at < now() - make_interval(days => ${INBOX_DAYS}) and status <> 'dead' and topic <> all(${PRIVACY}) limit ${BATCH})`
		);
		if (removed.count < BATCH) break;
	}
	await asSystem(
		'sweep: due work of all organizations',
		({ sql }) => sql`
		delete from sync_runs where finished_at < now() - make_interval(days => ${RUN_DAYS})`
	);
}
