import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

// routes and jobs -> domains -> platform. A wrong import fails here.
const files = execFileSync(
	'git',
	['ls-files', '--cached', '--others', '--exclude-standard', 'src', 'jobs', 'simulator', 'bench', 'scripts'],
	{ encoding: 'utf8' }
)
	.split('\n')
	.filter((file) => /\.(ts|js|svelte)$/.test(file) && !/\.test\.ts$/.test(file) && fs.existsSync(file));

/** Files a source names, as paths from the root; packages are left out, `$app/...` is kept as it stands. */
function importsOf(file: string): string[] {
	const text = fs.readFileSync(file, 'utf8');
	const names = [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1]!);
	return names.flatMap((name) => {
		if (name.startsWith('#lib/')) return [`src/lib/${name.slice(5)}`];
		if (name.startsWith('.')) return [path.posix.normalize(path.posix.join(path.posix.dirname(file), name))];
		return name.startsWith('$app') || name.startsWith('$env') ? [name] : [];
	});
}

/** The domain (or platform) of a server file. */
const domainOf = (file: string) => /^src\/lib\/server\/([^/]+)\//.exec(file)?.[1];
const edges = files.flatMap((from) => importsOf(from).map((to) => ({ from, to })));
const server = edges.filter(({ from }) => from.startsWith('src/lib/server/'));

test('server code and contracts know neither SvelteKit nor routes, jobs or components', () => {
	const inner = edges.filter(({ from }) => /^src\/lib\/(server|contracts)\//.test(from));
	expect(
		inner.filter(({ to }) =>
			/^(\$app|\$env|src\/routes|jobs\/|src\/lib\/components|simulator\/|bench\/)/.test(to)
		)
	).toEqual([]);
});

test('platform knows no domain', () => {
	expect(
		server.filter(
			({ from, to }) => domainOf(from) === 'platform' && domainOf(to) && domainOf(to) !== 'platform'
		)
	).toEqual([]);
});

test('a domain reaches another only through its index, or its schema for a foreign key', () => {
	const past = server.filter(({ from, to }) => {
		const [own, other] = [domainOf(from), domainOf(to)];
		if (!other || other === own || other === 'platform') return false;
		if (to === `src/lib/server/${other}/index.ts`) return false;
		return !(path.basename(from) === 'schema.ts' && path.basename(to) === 'schema.ts');
	});
	expect(past).toEqual([]);
});

test('domains have no cycle', () => {
	const uses = new Map<string, Set<string>>();
	for (const { from, to } of server) {
		const [own, other] = [domainOf(from), domainOf(to)];
		if (!own || !other || own === other || other === 'platform' || path.basename(to) === 'schema.ts')
			continue;
		uses.set(own, (uses.get(own) ?? new Set()).add(other));
	}
	const walk = (domain: string, trail: string[]): string[] | null => {
		if (trail.includes(domain)) return [...trail, domain];
		for (const next of uses.get(domain) ?? []) {
			const cycle = walk(next, [...trail, domain]);
			if (cycle) return cycle;
		}
		return null;
	};
	expect([...uses.keys()].map((domain) => walk(domain, [])).find(Boolean) ?? null).toBeNull();
});

test('contracts import contracts only, components no server code', () => {
	expect(
		edges.filter(
			({ from, to }) => from.startsWith('src/lib/contracts/') && !to.startsWith('src/lib/contracts/')
		)
	).toEqual([]);
	expect(
		edges.filter(({ from, to }) => from.startsWith('src/lib/components/') && to.startsWith('src/lib/server/'))
	).toEqual([]);
});

test('routes and jobs use domains through their index', () => {
	const past = edges.filter(
		({ from, to }) =>
			/^(src\/routes|jobs)\//.test(from) &&
			domainOf(to) &&
			domainOf(to) !== 'platform' &&
			!to.endsWith('/index.ts') &&
			!to.endsWith('/jobs.ts')
	);
	expect(past).toEqual([]);
});

test('the simulator stands alone', () => {
	expect(
		edges.filter(({ from, to }) => from.startsWith('simulator/') && !to.startsWith('simulator/'))
	).toEqual([]);
});

test('no dumping grounds', () => {
	expect(files.filter((file) => /(^|\/)(utils?|helpers?|misc|common)(\.ts|\/)/.test(file))).toEqual([]);
});
