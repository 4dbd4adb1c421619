import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSimulator } from './testing/start.ts';

let sim: Awaited<ReturnType<typeof startSimulator>>;
beforeAll(async () => {
	sim = await startSimulator('--channels', 'shopify');
});
afterAll(() => sim.stop());

const ask = () => sim.graphql('{ shop { name } }').then(({ status }) => status, (error: Error) => error.name); // prettier-ignore

it('goes wrong on the way as often as it was asked to, and not for others', async () => {
	await sim.control({
		action: 'trouble',
		kind: 'status',
		status: 502,
		path: '/graphql.json',
		every: 2,
		times: 2
	});
	const replies = [];
	for (let i = 0; i < 6; i++) replies.push(await ask());
	expect(replies).toEqual([200, 502, 200, 502, 200, 200]);
	await sim.control({ action: 'trouble', kind: 'reset' });
	expect(await ask()).toBe('TypeError');
	await sim.control({ action: 'trouble', kind: 'cut' });
	expect(await ask()).toBe('TypeError');
	await sim.control({ action: 'trouble', kind: 'html' });
	expect(await ask()).toBe('SyntaxError');
	const began = Date.now();
	await sim.control({ action: 'trouble', kind: 'slow', delayMs: 120 });
	expect(await ask()).toBe(200);
	expect(Date.now() - began).toBeGreaterThan(110);
	expect(await sim.control({ action: 'trouble', kind: 'storm' })).toEqual({ error: 'kind must be one of status, html, cut, reset, slow' }); // prettier-ignore
	expect(await sim.control({ action: 'trouble', kind: 'none' })).toEqual({ troubles: [] });
});
