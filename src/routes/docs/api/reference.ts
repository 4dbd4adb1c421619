type Json = Record<string, unknown>;

/** A field of a request or answer as a line of a table; `depth` counts the objects around it. */
export interface FieldRow {
	name: string;
	depth: number;
	type: string;
	required: boolean;
	note: string;
	fallback: string | null;
}

/** What can be sent beside the body. */
export interface ParameterRow extends Omit<FieldRow, 'depth'> {
	place: 'path' | 'query' | 'header';
	/** A list whose entries may hold commas: sent once for each. */
	each: boolean;
}

export interface ExampleView {
	name: string;
	body: string | null;
	answer: string | null;
}

/** One operation as the page shows it. */
export interface OperationView {
	id: string;
	method: string;
	path: string;
	summary: string;
	paragraphs: string[];
	/** Nobody needs a token for it. */
	open: boolean;
	parameters: ParameterRow[];
	body: { required: boolean; fields: FieldRow[]; example: string } | null;
	success: { status: string; type: string | null; note: string; fields: FieldRow[]; example: string | null };
	refusals: { status: string; note: string }[];
	endless: boolean;
}

export interface Section {
	tag: string;
	operations: OperationView[];
}

/** The document as the page shows it: sections of operations with their fields as flat rows. */
export function sectionsOf(document: Json): Section[] {
	const tags = (document.tags as { name: string }[]).map(({ name }) => name);
	const operations = Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(
		([path, methods]) =>
			Object.entries(methods).map(([method, it]) => ({
				tag: (it.tags as string[])[0],
				view: view(document, method, path, it)
			}))
	);
	return tags.map((tag) => ({
		tag,
		operations: operations.filter((one) => one.tag === tag).map((one) => one.view)
	}));
}

function view(document: Json, method: string, path: string, it: Json): OperationView {
	const responses = it.responses as Record<string, { description: string; content?: Record<string, Json> }>;
	const status = Object.keys(responses).find((code) => code.startsWith('2'))!;
	const [type, content] = Object.entries(responses[status]!.content ?? {})[0] ?? [null, null];
	const body = it.requestBody as { required: boolean; content: Record<string, Json> } | undefined;
	const json = body?.content['application/json'];
	return {
		id: it.operationId as string,
		method: method.toUpperCase(),
		path,
		summary: it.summary as string,
		paragraphs: (it.description as string).split('\n\n').filter(Boolean),
		open: Array.isArray(it.security) && it.security.length === 0,
		parameters: ((it.parameters ?? []) as Json[]).map((one) => parameter(document, one)),
		body:
			body && json
				? {
						required: body.required,
						fields: fieldsOf(document, json.schema as Json),
						example: firstExample(json) ?? '{}'
					}
				: null,
		success: {
			status,
			type,
			note: responses[status]!.description,
			fields: type === 'application/json' ? fieldsOf(document, content!.schema as Json) : [],
			example: content ? (firstExample(content) ?? (content.example as string | undefined) ?? null) : null
		},
		refusals: Object.entries(responses)
			.filter(([code]) => !code.startsWith('2'))
			.map(([code, { description }]) => ({ status: code, note: description })),
		endless: type === 'text/event-stream'
	};
}

function firstExample(content: Json): string | null {
	const [first] = Object.values((content.examples ?? {}) as Record<string, { value: unknown }>);
	return first ? JSON.stringify(first.value, null, 2) : null;
}

function parameter(document: Json, one: Json): ParameterRow {
	const schema = one.schema as Json;
	return {
		name: one.name as string,
		place: one.in as ParameterRow['place'],
		type: typeOf(document, schema),
		required: one.required as boolean,
		note: (one.description as string | undefined) ?? '',
		fallback: fallbackOf(schema),
		each: one.in === 'query' && schema.type === 'array' && one.explode === true
	};
}

/** The query that fields filled in mean: a list that is sent once for each entry has one a line. */
export function queryOf(
	parameters: readonly Pick<ParameterRow, 'name' | 'place' | 'each'>[],
	values: Readonly<Record<string, string>>
): URLSearchParams {
	const entries = ({ name, each }: Pick<ParameterRow, 'name' | 'each'>) =>
		(each ? (values[name] ?? '').split('\n').map((line) => line.trim()) : [values[name] ?? '']).filter(
			Boolean
		);
	return new URLSearchParams(
		parameters
			.filter(({ place }) => place === 'query')
			.flatMap((one) => entries(one).map((value) => [one.name, value]))
	);
}

/** An object's fields as rows, the fields of inner objects below their own. */
export function fieldsOf(document: Json, schema: Json, depth = 0): FieldRow[] {
	const object = innermost(document, schema);
	const required = new Set((object.required ?? []) as string[]);
	return Object.entries((object.properties ?? {}) as Record<string, Json>).flatMap(([name, field]) => [
		{
			name,
			depth,
			type: typeOf(document, field),
			required: required.has(name),
			note: (field.description as string | undefined) ?? '',
			fallback: fallbackOf(field)
		},
		...(depth < 4 ? fieldsOf(document, field, depth + 1) : [])
	]);
}

/** The object in a list, behind a reference, or beside null. */
function innermost(document: Json, schema: Json): Json {
	const target = resolved(document, schema);
	const beside = (target.anyOf as Json[] | undefined)?.find((one) => one.type !== 'null');
	if (beside) return innermost(document, beside);
	return target.items ? innermost(document, target.items as Json) : target;
}

function resolved(document: Json, schema: Json): Json {
	if (typeof schema.$ref !== 'string') return schema;
	const name = schema.$ref.split('/').at(-1)!;
	return ((document.components as Json).schemas as Record<string, Json>)[name]!;
}

function typeOf(document: Json, schema: Json): string {
	const it = resolved(document, schema);
	if (it.anyOf)
		return (it.anyOf as Json[])
			.map((one) => (one.type === 'null' ? 'null' : typeOf(document, one)))
			.join(' or ');
	if (it.enum)
		return (it.enum as unknown[]).map((value) => (value === null ? 'null' : String(value))).join(', ');
	if (it.const !== undefined) return String(it.const);
	if (it.type === 'array') return `list of ${typeOf(document, it.items as Json)}`;
	if (Array.isArray(it.type)) return it.type.join(' or ');
	if (it.format === 'date') return 'day';
	return (it.type as string | undefined) ?? 'anything';
}

function fallbackOf(schema: Json): string | null {
	const value = schema.default;
	if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return null;
	return String(value);
}

/** JSON text with line breaks and indents, its numbers as they stand: 12.50 stays 12.50. */
export function indented(json: string): string {
	let depth = 0;
	let text = '';
	const line = () => `\n${'  '.repeat(depth)}`;
	for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
		if (token === '{' || token === '[') {
			depth++;
			text += token + line();
		} else if (token === '}' || token === ']') {
			depth--;
			text = /[{[]\s*$/.test(text) ? text.trimEnd() + token : text + line() + token;
		} else text += token === ',' ? `,${line()}` : token === ':' ? ': ' : token;
	}
	return text;
}
