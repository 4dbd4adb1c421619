import {
	answerPrivacyRequest,
	deadLetterBody,
	discardDeadLetter,
	disconnect,
	getConnection,
	listDeadLetters,
	listPrivacyRequests,
	pauseConnection,
	replayDeadLetters,
	resumeConnection,
	syncNow
} from '#lib/server/channels/index.ts';
import { submit } from '#lib/server/platform/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const failed = url.searchParams.get('runs') === 'failed';
	const most = url.searchParams.get('most') === '100' ? 100 : 10;
	const shown = await getConnection(locals.ctx, params.id, { failed, most });
	const deadLetters = await listDeadLetters(locals.ctx, params.id);
	const requests = await listPrivacyRequests(locals.ctx, params.id);
	return {
		...shown,
		failed,
		more: shown.runs.length === most && most < 100,
		deadLetters,
		requests,
		viewer: locals.user?.id ?? 'visitor',
		now: new Date().toISOString()
	};
};

export const actions: Actions = {
	sync: (event) =>
		submit(event, 'sync', async ({ kind }) => {
			await syncNow(event.locals.ctx, event.params.id, kind === undefined ? undefined : String(kind));
			return {
				done: kind === undefined ? 'Reading everything that changed, orders first.' : 'Reading what changed.'
			};
		}),
	pause: (event) =>
		submit(event, 'pause', async () => {
			await pauseConnection(event.locals.ctx, event.params.id);
			return { done: 'The connection is paused.' };
		}),
	resume: (event) =>
		submit(event, 'resume', async () => {
			await resumeConnection(event.locals.ctx, event.params.id);
			return { done: 'The connection goes on from where it stopped.' };
		}),
	disconnect: (event) =>
		submit(event, 'disconnect', async () => {
			await disconnect(event.locals.ctx, event.params.id);
			return { done: 'The shop is disconnected and its credentials are erased.' };
		}),
	payload: (event) =>
		submit(event, 'payload', async (fields) => ({
			letter: String(fields.letter),
			body: await deadLetterBody(event.locals.ctx, String(fields.letter))
		})),
	replay: (event) =>
		submit(event, 'replay', async (fields) => {
			const { failed } = await replayDeadLetters(event.locals.ctx, { id: String(fields.letter) });
			return {
				done:
					failed === 0
						? 'The message was read this time.'
						: 'It failed again. The reason beside it is the new one.'
			};
		}),
	replayAll: (event) =>
		submit(event, 'replayAll', async () => {
			const { replayed, failed } = await replayDeadLetters(event.locals.ctx, {
				connectionId: event.params.id
			});
			return {
				done:
					failed === 0
						? `All ${replayed} were read this time.`
						: `${replayed} were read, ${failed} failed again.`
			};
		}),
	answered: (event) =>
		submit(event, 'answered', async (fields) => {
			await answerPrivacyRequest(event.locals.ctx, String(fields.request));
			return { done: 'The request is noted as answered.' };
		}),
	discard: (event) =>
		submit(event, 'discard', async (fields) => {
			await discardDeadLetter(event.locals.ctx, String(fields.letter));
			return { done: 'The message is given up.' };
		})
};
