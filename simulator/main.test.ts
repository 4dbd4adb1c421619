import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

function run(...args: string[]) {
	return spawn(process.execPath, [MAIN, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
}

it('says when it is ready, answers, and ends with its parent', async () => {
	const child = run('--parent', '--port', '0', '--months', '1', '--rate', '0');
	let ready: { url: string; accessToken: string; amazon: Record<string, string> } | undefined;
	for await (const line of createInterface({ input: child.stdout })) {
		if (!line.startsWith('{"event":"ready"')) continue;
		ready = JSON.parse(line);
		break;
	}
	const reply = await fetch(`${ready!.url}/admin/api/2026-07/graphql.json`, {
		method: 'POST',
		headers: { 'X-Shopify-Access-Token': ready!.accessToken },
		body: JSON.stringify({ query: '{ shop { myshopifyDomain } }' })
	});
	expect(await reply.json()).toMatchObject({
		data: { shop: { myshopifyDomain: 'alder-finch.myshopify.com' } }
	});
	const { amazon } = ready!;
	const token = await fetch(`${amazon.lwaUrl}/auth/o2/token`, {
		method: 'POST',
		body: new URLSearchParams({
			grant_type: 'refresh_token',
			refresh_token: amazon.refreshToken!,
			client_id: amazon.clientId!,
			client_secret: amazon.clientSecret!
		})
	});
	const { access_token } = (await token.json()) as { access_token: string };
	const places = await fetch(`${amazon.apiUrl}/sellers/v1/marketplaceParticipations`, {
		headers: { 'x-amz-access-token': access_token }
	});
	const told = (await places.json()) as { payload: { marketplace: { id: string } }[] };
	expect(told.payload.map(({ marketplace }) => marketplace.id)).toEqual(amazon.marketplaceIds);
	child.stdin.end();
	const [code] = await once(child, 'exit');
	expect(code).toBe(0);
});

it('ends with status 2 and the name of a bad option', async () => {
	const child = run('--months', 'many');
	let said = '';
	child.stderr.on('data', (text: Buffer) => (said += text.toString()));
	const [code] = await once(child, 'exit');
	expect(code).toBe(2);
	expect(said).toContain('--months must be a whole number, not "many"');
});
