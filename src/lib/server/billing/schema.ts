import { bigint, boolean, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, instant } from '../platform/columns.ts';
import { organizations } from '../identity/schema.ts';

/** A customer at Stripe, as it was read last. Without an organization while no checkout has told whose it is. */
export const stripeCustomers = pgTable('stripe_customers', {
	/** `cus_...` */
	id: text().primaryKey(),
	organizationId: uuid()
		.unique()
		.references(() => organizations.id, { onDelete: 'cascade' }),
	/** The last invoice was not paid. */
	delinquent: boolean().notNull().default(false),
	/** Removed at Stripe. */
	deleted: boolean().notNull().default(false),
	/** Numbers the readings: given out before one begins. */
	readings: bigint({ mode: 'number' }).notNull().default(0),
	/** The reading that is stored: an older one that ends later changes nothing. */
	storedReading: bigint({ mode: 'number' }).notNull().default(0),
	createdAt: createdAt(),
	updatedAt: createdAt()
});

/** An organization's subscriptions at Stripe, as they were read last. */
export const subscriptions = pgTable(
	'subscriptions',
	{
		/** `sub_...` */
		id: text().primaryKey(),
		organizationId: uuid()
			.notNull()
			.references(() => organizations.id, { onDelete: 'cascade' }),
		customerId: text()
			.notNull()
			.references(() => stripeCustomers.id, { onDelete: 'cascade' }),
		/** Stripe's own word: incomplete, trialing, active, past_due, unpaid, paused, canceled ... */
		status: text().notNull(),
		priceId: text(),
		quantity: integer(),
		currentPeriodEnd: instant(),
		trialEnd: instant(),
		cancelAtPeriodEnd: boolean().notNull().default(false),
		cancelAt: instant(),
		endedAt: instant(),
		livemode: boolean().notNull(),
		startedAt: instant().notNull(),
		updatedAt: createdAt()
	},
	(t) => [index('subscriptions_organization').on(t.organizationId)]
);

/** Events that Stripe has sent, each once: the same id again is no new event. What they told is not kept; it is read from Stripe. */
export const stripeEvents = pgTable('stripe_events', {
	/** `evt_...` */
	id: text().primaryKey(),
	type: text().notNull(),
	/** The object the event is about, and its kind: subscription, invoice, checkout.session, customer. */
	objectKind: text().notNull(),
	objectId: text().notNull(),
	/** The customer, where the event names one. */
	customerId: text(),
	receivedAt: createdAt(),
	/** Null until its effect is stored. */
	appliedAt: instant()
});
