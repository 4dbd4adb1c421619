import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { settings } from '../../platform/running.ts';
import { addressOf } from './address.ts';
import { assertNoUserErrors, type ShopifyClient } from './client.ts';
import { ChannelError } from '../error.ts';
import { pause } from '../http.ts';
import { BULK_CANCEL, BULK_GET, BULK_RUN } from './queries.ts';
import { object, requiredText, text, type Json } from './read.ts';
import { shapeOf, type BulkShape } from './jsonl.ts';

/** A finished bulk operation whose file lies on our disk. */
export interface BulkFile {
	file: string;
	shape: BulkShape;
}

/** A bulk operation did not bring a whole file: the caller runs it again or reads page by page. Nothing was advanced. */
export class BulkFailed extends Error {
	override name = 'BulkFailed';
}

const LONGEST_WAIT_MS = 24 * 3600_000;

/** Starts a bulk query; answers its id. @throws BulkFailed when the shop runs five already */
export async function startBulk(client: ShopifyClient, query: string): Promise<string> {
	const data = await client.ask(BULK_RUN, { query });
	const payload = object(data.bulkOperationRunQuery);
	const busy = JSON.stringify(payload?.userErrors ?? []);
	if (/LIMIT_REACHED|OPERATION_IN_PROGRESS|already in progress/i.test(busy))
		throw new BulkFailed('The shop runs as many bulk operations as it may.');
	const result = assertNoUserErrors(payload, 'the bulk query');
	return requiredText(object(result.bulkOperation)?.id, 'The bulk operation’s id');
}

/**
 * Waits for a bulk operation and downloads its file. `told` hears how many objects there are so far.
 * @throws BulkFailed when it failed, expired, was cancelled, or its file is not whole
 */
export async function finishBulk(
	client: ShopifyClient,
	shop: { shop: string; baseUrl: string | null },
	id: string,
	options: { name: string; signal?: AbortSignal; told?: (counts: { objects: number; roots: number }) => void }
): Promise<BulkFile> {
	const operation = await waitFor(client, id, options);
	const file = path.join(bulkFolder(), `${options.name}.jsonl`);
	const url = text(operation.url);
	if (url === null)
		await fs.promises.writeFile(file, ''); // Shopify gives no file when there is nothing
	else await download(safeUrl(url, shop), file, options.signal);
	const shape = await shapeOf(file);
	const objects = Number(operation.objectCount);
	const roots = Number(operation.rootObjectCount);
	if (shape.objects !== objects || shape.roots !== roots) {
		await fs.promises.rm(file, { force: true });
		throw new BulkFailed(
			`The bulk file holds ${shape.objects} objects (${shape.roots} rows), Shopify announced ${objects} (${roots}).`
		);
	}
	return { file, shape };
}

async function waitFor(
	client: ShopifyClient,
	id: string,
	options: { signal?: AbortSignal; told?: (counts: { objects: number; roots: number }) => void }
): Promise<Json> {
	const deadline = Date.now() + LONGEST_WAIT_MS;
	let wait = 250;
	try {
		while (Date.now() < deadline) {
			const operation = object((await client.ask(BULK_GET, { id })).bulkOperation);
			if (!operation) throw new BulkFailed('Shopify no longer knows the bulk operation.');
			options.told?.({ objects: Number(operation.objectCount), roots: Number(operation.rootObjectCount) });
			const status = text(operation.status);
			if (status === 'COMPLETED') return operation;
			if (status === 'FAILED' && text(operation.errorCode) === 'ACCESS_DENIED')
				throw new ChannelError(
					'needs_reauthorization',
					'Shopify refused the bulk query: the app lacks an access scope. Check the app’s Admin API access scopes and reconnect the shop.'
				);
			if (status === 'FAILED' || status === 'CANCELED' || status === 'EXPIRED')
				throw new BulkFailed(
					`The bulk operation ended as ${status} (${text(operation.errorCode) ?? 'no reason told'}).`
				);
			await pause(wait, options.signal);
			wait = Math.min(wait * 1.5, 15_000);
		}
	} catch (error) {
		if (options.signal?.aborted) await client.ask(BULK_CANCEL, { id }).catch(() => {});
		throw error;
	}
	throw new BulkFailed('The bulk operation did not end within a day.');
}

/** A real file comes by https from Shopify's storage; a simulated one from the simulator itself. */
function safeUrl(value: string, shop: { shop: string; baseUrl: string | null }): URL {
	const url = new URL(value);
	const { base, headers } = addressOf(shop);
	const simulated = Object.keys(headers).length > 0;
	const allowed = simulated
		? url.origin === new URL(base).origin
		: url.protocol === 'https:' &&
			/(^|\.)(googleapis\.com|shopify\.com|shopifycdn\.com|shopifysvc\.com)$/.test(url.hostname);
	if (!allowed) throw new BulkFailed(`Shopify named a file at ${url.hostname}, which we do not fetch from.`);
	return url;
}

async function download(url: URL, file: string, signal?: AbortSignal): Promise<void> {
	for (let attempt = 0; ; attempt++) {
		try {
			const response = await fetch(url, { redirect: 'error', ...(signal && { signal }) });
			if (response.status === 403 || response.status === 404 || response.status === 410)
				throw new BulkFailed('The bulk file has expired.');
			if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
			await pipeline(Readable.fromWeb(response.body as ReadableStream), fs.createWriteStream(file));
			return;
		} catch (error) {
			if (signal?.aborted) throw new ChannelError('aborted', 'The sync was stopped.', null, { cause: error });
			if (error instanceof BulkFailed) throw error;
			if (attempt >= 3) throw new BulkFailed('The bulk file could not be downloaded.', { cause: error });
			await pause(1000 * 2 ** attempt, signal);
		}
	}
}

/** Downloads lie in DATA_DIR, not in /tmp: they hold customers' data and may be large. */
function bulkFolder(): string {
	const folder = path.join(settings().DATA_DIR, 'bulk');
	fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
	return folder;
}
