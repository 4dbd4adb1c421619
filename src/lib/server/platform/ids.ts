import { v7 } from 'uuid';

/** A new id: UUID version 7, made here and not in the database, so that PostgreSQL 15 and later serve. */
export function newId(): string {
	return v7();
}
