import fs from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { Unparsable } from '../unparsable.ts';
import { object, text, type Json } from './read.ts';

/** A row of a bulk file with its children, in file order. */
export interface BulkRow {
	node: Json;
	children: Json[];
}

/** What a look through the file found: how many objects, and whether children directly follow their parents. */
export interface BulkShape {
	objects: number;
	roots: number;
	grouped: boolean;
}

const PARENT = /"__parentId":"([^"\\]+)"\}$/;
const ID = /^\{"id":"([^"\\]+)"/;
/** Scattered files are split into parts of about this size, each small enough to join in memory. */
const PART_BYTES = 48 * 1024 * 1024;

/** Non-blank lines of a file, in order, without holding the file in memory. */
export async function* lines(file: string): AsyncGenerator<string> {
	let rest = '';
	const stream = fs.createReadStream(file, { encoding: 'utf8', highWaterMark: 1024 * 1024 });
	for await (const chunk of stream) {
		const parts = (rest + chunk).split('\n');
		rest = parts.pop()!;
		for (const line of parts) if (line.length > 1) yield line.endsWith('\r') ? line.slice(0, -1) : line;
	}
	if (rest.trim().length > 0) yield rest;
}

/** Counts the objects of a bulk file and sees whether its children stand right behind their parents. */
export async function shapeOf(file: string): Promise<BulkShape> {
	const shape: BulkShape = { objects: 0, roots: 0, grouped: true };
	let current: string | null = null;
	for await (const line of lines(file)) {
		shape.objects++;
		const parent = parentOf(line);
		if (parent === null) {
			shape.roots++;
			current = idOfLine(line);
		} else if (parent !== current) shape.grouped = false;
	}
	return shape;
}

/** Rows with all their children, whatever the order of the file. `skip` roots are left out from the front of what comes. */
export async function* bulkRows(file: string, shape: BulkShape, skip = 0): AsyncGenerator<BulkRow> {
	let seen = 0;
	if (shape.grouped) {
		for await (const row of joinGrouped(file)) if (seen++ >= skip) yield row;
		return;
	}
	const parts = await split(file);
	try {
		for (const part of parts) {
			for (const row of await joinWhole(part)) if (seen++ >= skip) yield row;
			await fs.promises.rm(part, { force: true });
		}
	} finally {
		for (const part of parts) await fs.promises.rm(part, { force: true });
	}
}

async function* joinGrouped(file: string): AsyncGenerator<BulkRow> {
	let current: BulkRow | null = null;
	for await (const line of lines(file)) {
		const row = read(line);
		if (row.__parentId === undefined) {
			if (current) yield current;
			current = { node: row, children: [] };
		} else current?.children.push(row);
	}
	if (current) yield current;
}

async function joinWhole(file: string): Promise<Iterable<BulkRow>> {
	const rows = new Map<string, BulkRow>();
	const children: Json[] = [];
	for await (const line of lines(file)) {
		const row = read(line);
		if (row.__parentId === undefined) rows.set(String(row.id), { node: row, children: [] });
		else children.push(row);
	}
	for (const child of children) {
		const parent = rows.get(String(child.__parentId));
		if (!parent)
			throw new Unparsable(
				`The bulk file holds a child of ${String(child.__parentId)}, which it does not hold.`
			);
		parent.children.push(child);
	}
	for (const row of rows.values())
		row.children.sort(
			(a, b) => String(a.id).length - String(b.id).length || (String(a.id) < String(b.id) ? -1 : 1)
		);
	return rows.values();
}

/** Sends each family to one of several files, by the parent's id: a family always lands in one part. */
async function split(file: string): Promise<string[]> {
	const { size } = await fs.promises.stat(file);
	const count = Math.max(1, Math.ceil(size / PART_BYTES));
	const names = Array.from({ length: count }, (_, index) =>
		path.join(path.dirname(file), `${path.basename(file)}.part${index}`)
	);
	const streams = names.map((name) => fs.createWriteStream(name));
	for await (const line of lines(file)) {
		const family = parentOf(line) ?? idOfLine(line);
		const place = createHash('md5').update(family).digest().readUInt32LE(0) % count;
		if (!streams[place]!.write(`${line}\n`)) await once(streams[place]!, 'drain');
	}
	await Promise.all(streams.map((stream) => (stream.end(), once(stream, 'close'))));
	return names;
}

function parentOf(line: string): string | null {
	const match = PARENT.exec(line);
	if (match) return match[1]!;
	return line.includes('"__parentId"') ? text(read(line).__parentId) : null;
}

function idOfLine(line: string): string {
	return ID.exec(line)?.[1] ?? String(read(line).id);
}

function read(line: string): Json {
	let parsed: unknown;
	try {
		parsed = JSON.parse(line);
	} catch (cause) {
		throw new Unparsable('A line of the bulk file is not JSON: the file was cut off.', { cause });
	}
	return object(parsed) ?? notAnObject();
}

function notAnObject(): never {
	throw new Unparsable('A line of the bulk file is not an object.');
}
