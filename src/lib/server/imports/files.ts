import fs from 'node:fs';
import path from 'node:path';
import { settings } from '../platform/running.ts';

/** Where an import keeps its files: what was uploaded, and its orders once the file was checked. */
export interface ImportFiles {
	folder: string;
	upload: string;
	/** Orders by key, one JSON a line. */
	orders: string;
	/** Sorted pieces, while a file is being checked. */
	run(number: number): string;
}

/** @param importId a UUID of ours, never a name from outside */
export function filesOf(importId: string): ImportFiles {
	const folder = path.join(settings().DATA_DIR, 'imports', importId);
	return {
		folder,
		upload: path.join(folder, 'upload'),
		orders: path.join(folder, 'orders.ndjson'),
		run: (number) => path.join(folder, `run-${number}`)
	};
}

/** Removes all files of an import: they hold buyers' names. */
export async function removeFiles(importId: string): Promise<void> {
	await fs.promises.rm(filesOf(importId).folder, { recursive: true, force: true });
}

/** Folders of imports that are on this disk. */
export async function keptImports(): Promise<string[]> {
	try {
		return await fs.promises.readdir(path.join(settings().DATA_DIR, 'imports'));
	} catch {
		return [];
	}
}
