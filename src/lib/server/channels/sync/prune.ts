import { asSystem } from '../../platform/system.ts';

/** How long what was processed is kept: deliveries for the dedupe of late retries and for questions, runs for the page. */
const INBOX_DAYS = 7;
const RUN_DAYS = 30;
const BATCH = 5_000;
/** Shopify asks for the erasure of a shop 48 hours after the app is uninstalled; later nothing more is believed. */
const PRIVACY_SECRET_DAYS = 30;

/** Removes processed deliveries and old runs, in small transactions. Dead letters stay until a person decides. */
export async function prune(): Promise<void> {
	for (;;) {
		const removed = await asSystem(
			'sweep: due work of all organizations',
			({ sql }) => sql`
			delete from inbox where id in (select id from inbox where received_at < now() - make_interval(days => ${INBOX_DAYS}) and status <> 'dead' limit ${BATCH})`
		);
		if (removed.count < BATCH) break;
	}
	await asSystem(
		'sweep: due work of all organizations',
		({ sql }) => sql`
		update connections set privacy_secret = null where privacy_secret is not null and last_webhook_at < now() - make_interval(days => ${PRIVACY_SECRET_DAYS})`
	);
	await asSystem(
		'sweep: due work of all organizations',
		({ sql }) => sql`
		delete from sync_runs where finished_at < now() - make_interval(days => ${RUN_DAYS})`
	);
}
