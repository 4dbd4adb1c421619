export { customerRecord, eraseCustomers } from './erase.ts';
export { emailKey } from './email-key.ts';
export {
	customerKey,
	findCustomers,
	upsertCustomers,
	type ChannelCustomer,
	type MovedCustomer,
	type StoredCustomers
} from './upsert.ts';
export { removeUntold as removeUntoldCustomers } from './remove.ts';
export { findPeople, namesOf } from './find.ts';
export { recordsOf } from './records.ts';
export { peopleOf, type PersonOf } from './people.ts';
