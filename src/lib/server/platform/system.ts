import { database, transaction, type Tx } from './db.ts';

/**
 * Everything that may look across organizations, each with its reason. A new use is a line here first, so that a reader
 * sees at once where row-level security does not hold.
 */
export type SystemUse =
	| 'sign-in: find a person, their session, their organizations'
	| 'sign-up: make a person and an organization'
	| 'account: verify, reset, sessions of a person'
	| 'invitation: find by token'
	| 'webhook: find the connection of an account'
	| 'oauth: find the connection of a state'
	| 'sweep: due work of all organizations'
	| 'outbox: read for the hub and the projection'
	| 'rates: write what the provider published'
	| 'billing: mirror what Stripe says'
	| 'rebuild: read all organizations'
	| 'demo: find or make the demo organization'
	| 'doctor: check the installation'
	| 'canary: check the secret key'
	| 'operator: queues and health';

/** Runs `work` in a transaction of the system role. `use` names why it may see all organizations. */
export function asSystem<T>(_use: SystemUse, work: (tx: Tx) => Promise<T>): Promise<T> {
	return transaction(database().system, work);
}
