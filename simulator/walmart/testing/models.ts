import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** The official models lie beside the project and are no part of it. */
const FOLDER = resolve(import.meta.dirname, '../../../../shared/channels/walmart');

/** False where the official models are absent; tests then say that they are skipped. */
export const modelsAtHand = existsSync(FOLDER);

type Json = Record<string, unknown>;
const files = new Map<string, Json>();
const validators = new Map<string, ValidateFunction>();
const ajv = new Ajv({ strict: false, allErrors: true });
// the package is CommonJS: its default export is the function itself, or an object that holds it
const formats = addFormats as unknown as ((to: Ajv) => void) & { default?: (to: Ajv) => void };
(formats.default ?? formats)(ajv);

/** A file of the official models or their examples: `us-mp-2026/orders.json`. */
export function modelFile(name: string): Json {
	let file = files.get(name);
	if (!file) files.set(name, (file = JSON.parse(readFileSync(resolve(FOLDER, name), 'utf8')) as Json));
	return file;
}

/** One official example: what an operation answers. */
export interface Example {
	operationId: string;
	name: string;
	contentType?: string;
	response?: unknown;
}

export function examplesOf(name: string, operationId: string): Example[] {
	const { cases } = modelFile(`fixtures/${name}.examples.json`) as unknown as { cases: Example[] };
	return cases.filter((one) => one.operationId === operationId && one.contentType === 'application/json');
}

/** Checks a reply against the model of an operation's 200; answers what is wrong, nothing when all is well. */
export function faultsOf(name: string, method: string, path: string, reply: unknown): string[] {
	return check(name, ['paths', path, method, 'responses', '200'], reply);
}

/** Checks the JSON body of a request against the model of an operation. */
export function requestFaultsOf(name: string, method: string, path: string, body: unknown): string[] {
	return check(name, ['paths', path, method, 'requestBody'], body);
}

function check(name: string, at: string[], value: unknown): string[] {
	const key = `${name} ${at.join(' ')}`;
	let validate = validators.get(key);
	if (!validate) {
		const model = modelFile(`us-mp-2026/${name}.json`);
		const schema = [...at, 'content', 'application/json', 'schema'].reduce<unknown>(
			(part, step) => (part as Json | undefined)?.[step],
			model
		);
		if (!schema) throw new Error(`${name} has no schema at ${at.join(' ')}`);
		validators.set(key, (validate = ajv.compile({ ...(schema as Json), components: model.components })));
	}
	if (validate(value)) return [];
	return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/** The path of a model that a called one fits, such as /v3/orders/{purchaseOrderId}; null when no model knows it. */
export function operationOf(
	method: string,
	called: string,
	search: string
): { name: string; path: string } | null {
	for (const name of [
		'authentication',
		'orders',
		'returns',
		'items',
		'inventory',
		'reports',
		'on-request-reports',
		'notifications',
		'prices'
	]) {
		const { paths } = modelFile(`us-mp-2026/${name}.json`) as { paths: Record<string, Json> };
		const fits = Object.keys(paths).filter((path) => {
			const [own, query] = path.split('?');
			if (query !== undefined && !search.includes(query)) return false;
			const pattern = own!.replace(/\{[^}]+\}/g, '[^/]+');
			return paths[path]![method.toLowerCase()] !== undefined && new RegExp(`^${pattern}$`).test(called);
		});
		// a path with a query of its own is meant before one without, one with a place to fill in last
		const rank = (path: string) => path.split('{').length * 2 - Number(path.includes('?'));
		const path = fits.toSorted((a, b) => rank(a) - rank(b))[0];
		if (path !== undefined) return { name, path };
	}
	return null;
}

/** The query parameters that an operation knows. */
export function parametersOf(name: string, method: string, path: string): Set<string> {
	const model = modelFile(`us-mp-2026/${name}.json`) as {
		paths: Record<string, Record<string, { parameters: { in: string; name: string }[] }>>;
	};
	const { parameters } = model.paths[path]![method]!;
	return new Set(parameters.filter((one) => one.in === 'query').map((one) => one.name));
}
