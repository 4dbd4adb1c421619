export { channelHandlers } from './sync/handlers.ts';
export { channelJobs } from './jobs.ts';
export { connectByClientCredentials, connectByToken, connectSimulated } from './connect.ts';
export { MAX_WEBHOOK_BYTES, receiveShopifyWebhook, waitingDeliveries } from './intake/receive.ts';
