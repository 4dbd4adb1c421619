import type { Endpoint, Method } from './endpoint.ts';

/** What an address leads to. */
export type Found =
	{ endpoint: Endpoint; params: Record<string, string> } | { endpoint: null; allowed: readonly Method[] };

interface Route {
	segments: readonly string[];
	endpoints: Map<Method, Endpoint>;
}

/**
 * A router over the registry. Fixed segments win over parameters: /orders/export is not the order "export".
 * @throws Error when two endpoints share method and path
 */
export function router(endpoints: readonly Endpoint[]): (method: string, path: string) => Found {
	const byPath = new Map<string, Route>();
	for (const one of endpoints) {
		const pattern = one.path.replace(/\{\w+\}/g, '{}');
		const route = byPath.get(pattern) ?? { segments: one.path.slice(1).split('/'), endpoints: new Map() };
		if (route.endpoints.has(one.method)) throw new Error(`${one.method} ${one.path} is declared twice.`);
		route.endpoints.set(one.method, one);
		byPath.set(pattern, route);
	}
	const fixedFirst = [...byPath.values()].sort((a, b) => variables(a) - variables(b));
	return (method, path) => {
		const segments = path.replace(/^\/|\/$/g, '').split('/');
		const matching = fixedFirst.filter((route) => matches(route, segments));
		for (const route of matching) {
			const endpoint = route.endpoints.get((method === 'HEAD' ? 'GET' : method) as Method);
			if (endpoint) return { endpoint, params: paramsOf(endpoint, segments) };
		}
		const allowed = new Set(matching.flatMap((route) => [...route.endpoints.keys()]));
		return { endpoint: null, allowed: [...allowed].sort() };
	};
}

const isVariable = (segment: string) => segment.startsWith('{');
const variables = (route: Route) => route.segments.filter(isVariable).length;

function matches({ segments }: Route, given: readonly string[]): boolean {
	return (
		segments.length === given.length &&
		segments.every((segment, at) => (isVariable(segment) ? given[at] !== '' : segment === given[at]))
	);
}

function paramsOf(endpoint: Endpoint, given: readonly string[]): Record<string, string> {
	const segments = endpoint.path.slice(1).split('/');
	return Object.fromEntries(
		segments.flatMap((segment, at) => (isVariable(segment) ? [[segment.slice(1, -1), given[at]!]] : []))
	);
}
