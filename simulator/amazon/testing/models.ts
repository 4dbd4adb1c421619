import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** The official models lie beside the project and are no part of it. */
const FOLDER = resolve(import.meta.dirname, '../../../../shared/channels/amazon');

/** False where the official models are absent; tests then say that they are skipped. */
export const modelsAtHand = existsSync(FOLDER);

const ajv = new Ajv({ strict: false, allErrors: true });
// the package is CommonJS: its default export is the function itself, or an object that holds it
const formats = addFormats as unknown as ((to: Ajv) => void) & { default?: (to: Ajv) => void };
(formats.default ?? formats)(ajv);
const validators = new Map<string, ValidateFunction>();

interface Model {
	paths: Record<string, Record<string, { responses?: Record<string, { schema?: object }> }>>;
}
const models = new Map<string, Model>();

function model(name: string): Model {
	let found = models.get(name);
	if (!found) {
		found = JSON.parse(readFileSync(resolve(FOLDER, `models/${name}.json`), 'utf8')) as Model;
		ajv.addSchema({ ...found, $id: name });
		models.set(name, found);
	}
	return found;
}

const escaped = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

function validate(id: string, compile: () => ValidateFunction, value: unknown): string[] {
	let check = validators.get(id);
	if (!check) validators.set(id, (check = compile()));
	if (check(value)) return [];
	return (check.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/** What is wrong with a reply of an operation by the official model; nothing when all is well. */
export function problemsOf(
	name: string,
	path: string,
	method: string,
	status: number,
	body: unknown
): string[] {
	const schema = model(name).paths[path]?.[method]?.responses?.[String(status)];
	if (!schema) return [`${name} has no ${method} ${path} ${status}`];
	if (!schema.schema) return [];
	const pointer = ['paths', path, method, 'responses', String(status), 'schema'].map(escaped).join('/');
	return validate(`${name} ${pointer}`, () => ajv.compile({ $ref: `${name}#/${pointer}` }), body);
}

/** What is wrong with a notification or a report's text by its official schema. */
export function problemsOfFile(file: string, value: unknown): string[] {
	const compile = () => {
		const schema = JSON.parse(readFileSync(resolve(FOLDER, 'schemas', file), 'utf8')) as Record<
			string,
			unknown
		>;
		delete schema.$schema;
		return ajv.compile({ ...schema, $id: `${file}#` });
	};
	return validate(file, compile, value);
}
