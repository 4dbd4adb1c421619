export { customerRecord, eraseCustomers } from './erase.ts';
export { emailKey } from './email-key.ts';
export { customerKey, upsertCustomers, type ChannelCustomer } from './upsert.ts';
