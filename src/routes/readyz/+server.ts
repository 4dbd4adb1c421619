import { checkStores } from '#lib/server/platform/health.ts';

/** Both stores answer: for a load balancer. 503 names the one that does not. */
export const GET = async () => {
	const stores = await checkStores();
	const ok = Object.values(stores).every((state) => state === 'ok');
	return Response.json(
		{ ok, ...stores },
		{ status: ok ? 200 : 503, headers: ok ? {} : { 'retry-after': '2' } }
	);
};
