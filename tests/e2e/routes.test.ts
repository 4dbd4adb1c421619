import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sql } from 'postgres';
import { startApp, temporaryFolder, type Child } from '../../bench/process.ts';
import { openStore } from '../../bench/tenants.ts';
import { Poster } from '../../bench/poster.ts';
import { permissionsOf, ROLES, type Role } from '../../src/lib/contracts/permissions.ts';
import { routeFiles, type RouteFiles } from './route-files.ts';
import { ROUTES, type Needs } from './route-map.ts';
import { digestOf } from '../factories/digest.ts';
import { markedOrder, plantMarked, type Planted } from './two-tenants.ts';

const folder = temporaryFolder('routes');
const files = routeFiles();
let app: Child;
let sql: Sql;
let mine: Planted;
let theirs: Planted;

beforeAll(async () => {
	app = await startApp({ dataDir: folder.path });
	sql = openStore(folder.path);
	mine = await plantMarked(app, sql, folder.path);
	theirs = await plantMarked(app, sql, folder.path);
});
afterAll(async () => {
	await sql?.end({ timeout: 1 });
	await app?.stop();
	await folder.remove();
});

/** Methods that change something, forms included. */
const writesOf = ({ methods, actions }: RouteFiles) => [
	...actions,
	...methods.filter((method) => !['GET', 'HEAD', 'OPTIONS'].includes(method))
];
const reads = ({ page, methods }: RouteFiles) => page || methods.includes('GET');

test('every route and every form action of the file tree is in the map, and nothing else', () => {
	expect(Object.keys(ROUTES).sort()).toEqual(files.map(({ id }) => id).sort());
	for (const file of files) {
		const known = ROUTES[file.id]!;
		expect([file.id, known.ownAccount ? [] : Object.keys(known.writes ?? {}).sort()]).toEqual([
			file.id,
			known.ownAccount ? [] : writesOf(file).sort()
		]);
		expect([file.id, /\[(?!org\])/.test(file.id)]).toEqual([file.id, known.params !== undefined]);
	}
});

test('the marks would be seen: a member reads their own', async () => {
	const seen = new Set<string>();
	for (const file of files.filter((each) => each.id.startsWith('/[org]') && reads(each))) {
		for (const address of addresses(file, theirs, theirs)) {
			const { text, status } = await ask(address, theirs.cookies.owner, file);
			expect([address, status]).toEqual([
				address,
				expect.toSatisfy((code: number) => [200, 303, 307, 308].includes(code))
			]);
			if (text.includes(theirs.mark)) seen.add(file.id);
		}
	}
	for (const id of [
		'/[org]/dashboard',
		'/[org]/dashboard/data',
		'/[org]/settings/members',
		'/[org]/orders',
		'/[org]/orders/[id]',
		'/[org]/orders/export',
		'/[org]/channels'
	])
		expect(seen).toContain(id);
});

describe.each(files.filter(reads))('GET $id', (file) => {
	const { needs } = ROUTES[file.id]!;
	const ofOrganization = file.id.startsWith('/[org]');

	test('another tenant and a stranger get no foreign byte', async () => {
		const callers: [string, string, string[]][] = [
			['another tenant at their address', mine.cookies.owner, addresses(file, theirs, theirs)],
			['another tenant with their ids at the own address', mine.cookies.owner, addresses(file, mine, theirs)],
			['nobody', '', addresses(file, theirs, theirs)]
		];
		for (const [who, cookie, list] of callers) {
			for (const address of list) {
				const { status, text } = await ask(address, cookie, file);
				expect([who, address, text.includes(theirs.mark)]).toEqual([who, address, false]);
				expect([who, address, text.includes(theirs.id)]).toEqual([who, address, false]);
				expect([who, address, status]).toEqual([
					who,
					address,
					expect.toSatisfy((code: number) => code < 500)
				]);
				const foreign = !who.endsWith('own address') || ROUTES[file.id]!.params !== undefined;
				if (ofOrganization && foreign && !partOf(address))
					expect([who, address, refused(status, text)]).toEqual([who, address, true]);
			}
		}
	});

	test.runIf(ofOrganization)('each role gets it or not, by the permission table', async () => {
		for (const role of ROLES) {
			for (const address of addresses(file, theirs, theirs).filter((each) => !partOf(each))) {
				const { status, text } = await ask(address, theirs.cookies[role], file);
				if (may(role, needs)) {
					expect([role, address, status]).toEqual([
						role,
						address,
						expect.toSatisfy((code: number) => [200, 303, 307, 308].includes(code))
					]);
				} else {
					expect([role, address, refused(status, text)]).toEqual([role, address, true]);
				}
			}
		}
	});
});

const writing = files.filter((file) => writesOf(file).length > 0 && !ROUTES[file.id]?.ownAccount);
describe.each(writing)('writes of $id', (file) => {
	test.each(writesOf(file))(
		'%s: another tenant, a stranger and a role without the permission change nothing',
		async (name) => {
			const { needs, fields } = ROUTES[file.id]!.writes![name]!;
			const before = await digestOf(sql, theirs.id);
			const given = fields(theirs);
			const weaker = ROLES.filter((role) => !may(role, needs));
			const callers: [string, string, Planted][] = [
				['another tenant at their address', mine.cookies.owner, theirs],
				['another tenant with their ids at the own address', mine.cookies.owner, mine],
				['nobody', '', theirs],
				...weaker.map((role): [string, string, Planted] => [role, theirs.cookies[role], theirs])
			];
			for (const [who, cookie, at] of callers) {
				const { status, text } = await write(file, name, addressOf(file.id, at, theirs), cookie, given);
				// a form gives back what was sent with it
				const own = Object.values(given).includes(theirs.mark) ? text.replaceAll(theirs.mark, '') : text;
				expect([who, own.includes(theirs.mark) && at !== theirs]).toEqual([who, false]);
				// 503: the shop they name does not answer
				expect([who, status]).toEqual([who, expect.toSatisfy((code: number) => code < 500 || code === 503)]);
				if (at === theirs) expect([who, refused(status, text)]).toEqual([who, true]);
				expect([who, await digestOf(sql, theirs.id)]).toEqual([who, before]);
			}
		}
	);
});

test('a stream carries nothing of another organization while its orders come in', async () => {
	const listening = fetch(`${app.url}/${mine.slug}/stream`, {
		headers: { cookie: mine.cookies.owner },
		signal: AbortSignal.timeout(1500)
	});
	const poster = new Poster(app.port, '/webhooks/shopify');
	const response = await listening;
	expect((await poster.post(markedOrder(theirs.shop, theirs.mark))).status).toBe(200);
	expect((await poster.post(markedOrder(mine.shop, mine.mark))).status).toBe(200);
	poster.close();
	const text = await readFor(response);
	expect(text).toContain(mine.mark);
	expect(text).not.toContain(theirs.mark);
});

function may(role: Role, needs: Needs): boolean {
	return (
		['member', 'signed-in', 'anyone'].includes(needs) || (permissionsOf(role) as string[]).includes(needs)
	);
}

/** A refusal, as a status or inside a page's data, which comes with 200; a stranger is led to the sign-in. */
function refused(status: number, text: string): boolean {
	if ([303, 401, 403, 404].includes(status)) return true;
	if (status !== 200) return false;
	return (
		/^\{"type":"redirect"/.test(text) ||
		(/"type":"(error|failure)"/.test(text) && /"status":(401|403|404)/.test(text))
	);
}

function addressOf(id: string, at: Planted, rows: Planted): string {
	const params: Record<string, string> = { ...ROUTES[id]!.params?.(rows), org: at.slug };
	return id.replace(/\[\[?(?:\.\.\.)?(\w+)(?:=\w+)?\]?\]/g, (_, name: string) => params[name]!);
}

/** The page itself, its data, and its data asked for in part, which skips the layouts' own checks. */
function addresses(file: RouteFiles, at: Planted, rows: Planted): string[] {
	const address = addressOf(file.id, at, rows);
	if (!file.page) return [address];
	const data = `${address === '/' ? '' : address}/__data.json`;
	return [
		address,
		data,
		...[1, 2, 3, 4].map((place) => `${data}?x-sveltekit-invalidated=${'0'.repeat(place)}1`)
	];
}
const partOf = (address: string) => address.includes('x-sveltekit-invalidated');

async function ask(
	address: string,
	cookie: string,
	file: RouteFiles
): Promise<{ status: number; text: string }> {
	const headers = { cookie, accept: 'text/html', 'x-forwarded-for': '203.0.113.9' };
	const signal = ROUTES[file.id]!.endless ? AbortSignal.timeout(400) : AbortSignal.timeout(20_000);
	const response = await fetch(app.url + address, { headers, redirect: 'manual', signal });
	return { status: response.status, text: await readFor(response) };
}

async function write(
	file: RouteFiles,
	name: string,
	address: string,
	cookie: string,
	fields: Record<string, string>
): Promise<{ status: number; text: string }> {
	const isForm = file.actions.includes(name);
	const response = await fetch(app.url + address + (isForm && name !== 'default' ? `?/${name}` : ''), {
		method: isForm ? 'POST' : name,
		headers: { cookie, accept: 'application/json', origin: app.url },
		body: new URLSearchParams(fields),
		redirect: 'manual'
	});
	return { status: response.status, text: await response.text() };
}

async function readFor(response: Response): Promise<string> {
	let text = '';
	try {
		const decoder = new TextDecoder();
		for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
	} catch (error) {
		if ((error as Error).name !== 'TimeoutError') throw error;
	}
	return text;
}
