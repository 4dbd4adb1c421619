export { connectAmazon, connectSimulatedAmazon, type SimulatedSeller } from './amazon/connect.ts';
export { forgetSimulatedQueue } from './amazon/queues.ts';
export { disconnect, pauseConnection, resumeConnection, syncNow } from './control.ts';
export { toldFigures, type ComparedConnection, type ToldFigure } from './figures.ts';
export { dropEmptyFiles, filesConnection, importTargets, type ImportTarget } from './files-connection.ts';
export { discardDeadLetter, replayDeadLetters } from './intake/dead-letters.ts';
export { MAX_WEBHOOK_BYTES, receiveShopifyWebhook, waitingDeliveries } from './intake/receive.ts';
export { channelJobs } from './jobs.ts';
export { beginOauth, finishOauth, oauthOrganization, oauthPossible } from './oauth.ts';
export { answerPrivacyRequest, exportPrivacyRequest, listPrivacyRequests } from './privacy/answer.ts';
export { connectByClientCredentials, connectByToken, connectSimulated } from './shopify/connect.ts';
export { channelHandlers } from './sync/handlers.ts';
export { takeBackRuns } from './sync/take-back.ts';
export { connectSimulatedWalmart, connectWalmart } from './walmart/connect.ts';
export { receiveWalmartWebhook } from './walmart/receive.ts';
export {
	channelsOverview,
	deadLetterBody,
	getConnection,
	listConnections,
	listDeadLetters
} from './views.ts';
export { firstSyncs } from './views/first-syncs.ts';
export { getRun } from './views/runs.ts';
