import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openApi } from '../../src/lib/server/api/index.ts';
import type { Got } from './client.ts';

export type Json = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a document of any shape

/** An operation of the document. */
export interface Operation {
	path: string;
	method: string;
	it: Json;
}

export const document = openApi() as Json;
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'api');
const compiled = new Map<string, ValidateFunction>();

/** A compiled schema of the document, by its place. */
export function schemaAt(...place: string[]): ValidateFunction {
	const pointer = place.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
	let found = compiled.get(pointer);
	if (!found) compiled.set(pointer, (found = ajv.compile({ $ref: `api#/${pointer}` })));
	return found;
}

export const operations: Operation[] = Object.entries(document.paths as Json).flatMap(([path, methods]) =>
	Object.entries(methods as Json).map(([method, it]) => ({ path, method, it }))
);

/** What is wrong with an answer by the document; null when nothing is. */
export function mismatch({ path, method, it }: Operation, got: Got): string | null {
	const response = it.responses[String(got.status)];
	if (!response) return `status ${got.status} is not documented: ${got.text.slice(0, 300)}`;
	const type = got.headers.get('content-type')?.split(';')[0] ?? null;
	const types = Object.keys(response.content ?? {});
	if (types.length === 0) return got.text === '' ? null : 'a body that is not documented';
	if (!types.includes(type!)) return `${type} is not documented`;
	if (!/json/.test(type!)) return null;
	const valid = schemaAt('paths', path, method, 'responses', String(got.status), 'content', type!, 'schema');
	return valid(got.json) ? null : `${ajv.errorsText(valid.errors)}: ${got.text.slice(0, 500)}`;
}
