import fs from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';

const folder = path.resolve('../shared/channels/amazon/models');

/** False where Amazon's models are not at hand: they are no part of this repository. */
export const modelsHere = fs.existsSync(folder);

interface Parameter {
	name: string;
	in: 'query' | 'path' | 'header' | 'body';
	required?: boolean;
	type?: string;
	items?: object;
	schema?: object;
	[rule: string]: unknown;
}
interface Operation {
	model: string;
	method: string;
	pattern: RegExp;
	parameters: Parameter[];
	definitions: object;
}

const RULES = [
	'enum',
	'minimum',
	'maximum',
	'minItems',
	'maxItems',
	'minLength',
	'maxLength',
	'pattern'
] as const;

function operations(): Operation[] {
	return fs.readdirSync(folder).flatMap((file) => {
		const model = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')) as {
			paths: Record<string, Record<string, { parameters?: Parameter[] }>>;
			definitions: object;
		};
		return Object.entries(model.paths).flatMap(([where, methods]) => {
			const shared = (methods.parameters as unknown as Parameter[] | undefined) ?? [];
			return Object.entries(methods)
				.filter(([method]) => ['get', 'post', 'put', 'delete', 'patch'].includes(method))
				.map(([method, operation]) => ({
					model: file,
					method: method.toUpperCase(),
					pattern: new RegExp(`^${where.replace(/\{\w+\}/g, '[^/]+')}$`),
					parameters: [...shared, ...(operation.parameters ?? [])],
					definitions: model.definitions
				}));
		});
	});
}

let known: Operation[] | undefined;

/** What is wrong with a request by the official model; nothing when all is well. */
export function problemsOfRequest(method: string, url: URL, prefix: string, body: string | null): string[] {
	const where = url.pathname.slice(prefix.length);
	const operation = (known ??= operations()).find((one) => one.method === method && one.pattern.test(where));
	if (!operation) return [`no model has ${method} ${where}`];
	const query = operation.parameters.filter((one) => one.in === 'query');
	const properties = Object.fromEntries(query.map((one) => [one.name, schemaOf(one)]));
	const given = Object.fromEntries(
		[...url.searchParams].map(([name, value]) => [
			name,
			valueOf(
				query.find((one) => one.name === name),
				value
			)
		])
	);
	const problems = check(
		{
			type: 'object',
			properties,
			required: query.filter((one) => one.required).map((one) => one.name),
			additionalProperties: false
		},
		given,
		operation
	);
	const wanted = operation.parameters.find((one) => one.in === 'body');
	if (wanted?.schema)
		problems.push(...check(wanted.schema, body === null ? undefined : JSON.parse(body), operation));
	else if (body !== null) problems.push('a body that the operation does not take');
	return problems.map((problem) => `${method} ${where}: ${problem}`);
}

function schemaOf(parameter: Parameter): object {
	const { type = 'string', items } = parameter;
	return {
		type,
		...(items && { items: { ...items } }),
		...Object.fromEntries(
			RULES.flatMap((rule) => (parameter[rule] === undefined ? [] : [[rule, parameter[rule]]]))
		)
	};
}

/** A parameter's text as its model means it. */
function valueOf(parameter: Parameter | undefined, text: string): unknown {
	if (parameter?.type === 'array') return text.split(',');
	if (parameter?.type === 'integer' || parameter?.type === 'number') return Number(text);
	if (parameter?.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
	return text;
}

function check(schema: object, value: unknown, { definitions }: Operation): string[] {
	const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
	const validate = ajv.compile({ ...schema, definitions });
	if (validate(value)) return [];
	return (validate.errors ?? []).map(
		(error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`
	);
}
