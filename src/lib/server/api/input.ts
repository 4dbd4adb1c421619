import type { z } from 'zod';
import { AppError } from '../platform/errors.ts';
import { wordsOf } from './issue-words.ts';
import { InvalidRequest, type FieldProblem } from './problem.ts';

const MAX_BODY = 1_000_000;

interface Def {
	type: string;
	innerType?: z.ZodType;
	in?: z.ZodType;
	shape?: Record<string, z.ZodType>;
}
const defOf = (schema: z.ZodType) => (schema as unknown as { def: Def }).def;

/** The kind of value under optional, default, nullable and transforms: 'string', 'number', 'array', ... */
export function kindOf(schema: z.ZodType): string {
	const def = defOf(schema);
	const inner = def.innerType ?? def.in;
	return inner ? kindOf(inner) : def.type;
}

/**
 * Reads a part of the request with its strict schema.
 * @throws InvalidRequest naming each field that cannot be used and the fix
 */
export function read<Schema extends z.ZodType>(
	schema: Schema,
	input: unknown,
	place: FieldProblem['in']
): z.output<Schema> {
	const result = schema.safeParse(input);
	const problems: FieldProblem[] = [];
	if (!result.success) {
		for (const issue of result.error.issues) {
			if (issue.code === 'unrecognized_keys') {
				for (const key of issue.keys)
					problems.push({
						field: [...issue.path, key].join('.'),
						in: place,
						message: unknownField(schema, place)
					});
			} else {
				const field = issue.path.join('.') || (place === 'body' ? 'body' : place);
				problems.push({ field, in: place, message: wordsOf(issue) });
			}
		}
		throw new InvalidRequest(withoutDoubles(problems).slice(0, 50));
	}
	const unusable = unstorable(result.data, '');
	if (unusable !== null)
		throw new InvalidRequest([
			{ field: unusable || place, in: place, message: 'holds a NUL or half a character pair. Remove it.' }
		]);
	return result.data;
}

/** A number far out breaks two rules with the same words. */
function withoutDoubles(problems: readonly FieldProblem[]): FieldProblem[] {
	const told = new Map(problems.map((one) => [`${one.field} ${one.message}`, one]));
	return [...told.values()];
}

function unknownField(schema: z.ZodType, place: FieldProblem['in']): string {
	const names = Object.keys(defOf(schema).shape ?? {});
	return names.length > 0
		? `is not known here. Known: ${names.join(', ')}.`
		: `is not known here: this address takes nothing in the ${place}.`;
}

/** The path of a text that no database stores, or null. Schemas are flat, so this stays shallow. */
function unstorable(value: unknown, at: string): string | null {
	if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? at : null;
	if (typeof value !== 'object' || value === null) return null;
	for (const [key, item] of Object.entries(value)) {
		const found = unstorable(item, at ? `${at}.${key}` : key);
		if (found !== null) return found;
	}
	return null;
}

const onceEach = new WeakSet<z.ZodType>();

/** A list in a query whose entries may hold commas: the parameter is sent once for each. All others may be told with commas, too. */
export function sentOnceEach<Schema extends z.ZodType>(schema: Schema): Schema {
	onceEach.add(schema);
	return schema;
}

/** Whether commas part the entries of a list in a query. */
export function partedByCommas(schema: z.ZodType): boolean {
	return kindOf(schema) === 'array' && !onceEach.has(schema);
}

/** The query as its schema's kinds of values: lists are told with commas or several times, numbers and true/false as text. */
export function queryOf(schema: z.ZodType | undefined, search: URLSearchParams): Record<string, unknown> {
	const fields = schema ? (defOf(schema).shape ?? {}) : {};
	const given: Record<string, unknown> = Object.create(null);
	for (const name of new Set(search.keys())) {
		const values = search.getAll(name);
		const field = Object.hasOwn(fields, name) ? fields[name]! : null;
		const kind = field ? kindOf(field) : 'string';
		if (field && kind === 'array')
			given[name] = values.flatMap((text) =>
				text === '' ? [] : partedByCommas(field) ? text.split(',') : [text]
			);
		else if (values.length > 1)
			throw new InvalidRequest([
				{ field: name, in: 'query', message: 'stands several times. Send it once.' }
			]);
		else
			given[name] =
				kind === 'number' ? numberOf(values[0]!) : kind === 'boolean' ? flagOf(values[0]!) : values[0];
	}
	return { ...given };
}

const numberOf = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
const flagOf = (text: string) => (text === 'true' ? true : text === 'false' ? false : text);

/**
 * The JSON of a request's body with its text; an empty body is {}.
 * @throws AppError 413 above 1 MB, 415 for another media type or encoding; InvalidRequest for what is no JSON in UTF-8
 */
export async function bodyOf(request: Request): Promise<{ json: unknown; text: string }> {
	const text = await textOf(request);
	if (text.trim() === '') return { json: {}, text: '' };
	const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
	if (type !== 'application/json')
		throw new AppError(
			415,
			'unsupported_media_type',
			'Send the body as JSON, with the header Content-Type: application/json.'
		);
	if (!['', 'identity'].includes(request.headers.get('content-encoding')?.trim().toLowerCase() ?? ''))
		throw new AppError(
			415,
			'unsupported_media_type',
			'Send the body as it is, without the header Content-Encoding.'
		);
	try {
		return { json: JSON.parse(text), text };
	} catch (error) {
		throw new InvalidRequest([
			{ field: 'body', in: 'body', message: `is no JSON: ${(error as Error).message.slice(0, 120)}` }
		]);
	}
}

const tooLarge = () =>
	new AppError(413, 'body_too_large', 'The body is larger than 1 MB. Send less at a time.');

async function textOf(request: Request): Promise<string> {
	const pieces: Uint8Array[] = [];
	let size = 0;
	try {
		for await (const piece of (request.body ?? []) as AsyncIterable<Uint8Array>) {
			size += piece.byteLength;
			// what is too much is read and dropped: to stop reading would cut the connection, and the answer with it
			if (size <= MAX_BODY) pieces.push(piece);
		}
	} catch (error) {
		// the server's own limit, BODY_SIZE_LIMIT, is higher
		throw (error as { status?: unknown }).status === 413 ? tooLarge() : error;
	}
	if (size > MAX_BODY) throw tooLarge();
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
	} catch {
		throw new InvalidRequest([
			{ field: 'body', in: 'body', message: 'is not in UTF-8. Send it in that encoding.' }
		]);
	}
}
