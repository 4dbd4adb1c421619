import { numeric, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Primary key made by `newId()`. */
export const id = () => uuid().primaryKey();
/** An instant, UTC. */
export const instant = () => timestamp({ withTimezone: true });
/** An instant that the database sets when the row is made. */
export const createdAt = () => instant().notNull().defaultNow();
/** An amount of money: exact, four decimals; the currency stands beside it or on the parent row. */
export const money = () => numeric({ precision: 20, scale: 4 });
/** A price of one piece: exact, six decimals, since channels and files carry fractions of a cent. */
export const unitPrice = () => numeric({ precision: 20, scale: 6 });
