import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { adminSchema } from '../schema.ts';
import type { Tenant } from '../tenant.ts';
import { bulkLines } from './lines.ts';
import { BulkRefusal, planBulk, type ConnectionPlan } from './plan.ts';

export type BulkStatus =
	'CREATED' | 'RUNNING' | 'COMPLETED' | 'CANCELING' | 'CANCELED' | 'FAILED' | 'EXPIRED';

export interface BulkOperation {
	n: number;
	shop: string;
	query: string;
	status: BulkStatus;
	errorCode: 'INTERNAL_SERVER_ERROR' | null;
	createdAt: number;
	completedAt: number;
	objectCount: number;
	rootObjectCount: number;
	fileSize: number;
	file: string;
}

export interface BulkServices {
	now: () => number;
	/** Address clients reach the simulator at, for the file links. */
	baseUrl: () => string;
	/** Where result files lie until the simulator ends. */
	directory: string;
	/** Milliseconds an operation waits before it runs. */
	bulkDelay: number;
	rootOf: (tenant: Tenant) => Record<string, unknown>;
	finished: (tenant: Tenant, operation: BulkOperation) => void;
}

type Fate = 'complete' | 'fail' | 'scatter' | 'expire';

const MOST_AT_ONCE = 5;
const CHUNK = 256 * 1024;

interface UserError {
	field: string[] | null;
	message: string;
	code: string;
}

/**
 * Starts a bulk query, or says as Shopify does why it cannot. Children follow their parents whether grouping is asked
 * for or not; only the fault F24 scatters them.
 */
export function runBulkQuery(
	tenant: Tenant,
	query: string,
	services: BulkServices
): { operation: BulkOperation | null; errors: UserError[] } {
	const busy = tenant.bulkOperations.filter((o) => o.status === 'CREATED' || o.status === 'RUNNING');
	if (busy.length >= MOST_AT_ONCE) {
		const message = `The limit of ${MOST_AT_ONCE} concurrent bulk query operations for this app and shop is reached.`;
		return { operation: null, errors: [{ field: null, message, code: 'LIMIT_REACHED' }] };
	}
	let plan: ConnectionPlan[];
	try {
		plan = planBulk(adminSchema(), query);
	} catch (error) {
		if (!(error instanceof BulkRefusal)) throw error;
		return { operation: null, errors: [{ field: ['query'], message: error.message, code: 'INVALID' }] };
	}
	const n = tenant.bulkOperations.length + 1;
	const operation: BulkOperation = {
		n,
		shop: tenant.shop.domain,
		query,
		status: 'CREATED',
		errorCode: null,
		createdAt: services.now(),
		completedAt: 0,
		objectCount: 0,
		rootObjectCount: 0,
		fileSize: 0,
		file: join(services.directory, `${tenant.shop.domain}-${n}.jsonl`)
	};
	tenant.bulkOperations.push(operation);
	let fate: Fate = 'complete';
	if (tenant.faults.has('F24')) fate = (['fail', 'scatter', 'expire'] as const)[tenant.counters.bulk++ % 3]!;
	void perform(tenant, operation, plan, fate, services);
	return { operation, errors: [] };
}

export function cancelBulk(operation: BulkOperation, now: number): void {
	if (operation.status !== 'CREATED' && operation.status !== 'RUNNING') return;
	operation.status = 'CANCELED';
	operation.completedAt = now;
}

async function perform(
	tenant: Tenant,
	operation: BulkOperation,
	plan: ConnectionPlan[],
	fate: Fate,
	services: BulkServices
): Promise<void> {
	await setTimeout(services.bulkDelay);
	if (operation.status !== 'CREATED') return;
	operation.status = 'RUNNING';
	try {
		await write(tenant, operation, plan, fate, services);
	} catch (error) {
		operation.errorCode = 'INTERNAL_SERVER_ERROR';
		operation.status = 'FAILED';
		process.stderr.write(`Bulk operation ${operation.n} failed: ${(error as Error).stack}\n`);
	}
	// Cancelled meanwhile: the status was set by `cancelBulk`, behind this function's back.
	if ((operation.status as BulkStatus) === 'CANCELED') {
		await rm(operation.file, { force: true });
		return;
	}
	operation.completedAt = services.now();
	if (operation.status === 'RUNNING') {
		operation.status = fate === 'fail' ? 'FAILED' : fate === 'expire' ? 'EXPIRED' : 'COMPLETED';
	}
	if (operation.status === 'FAILED') operation.errorCode = 'INTERNAL_SERVER_ERROR';
	services.finished(tenant, operation);
}

async function write(
	tenant: Tenant,
	operation: BulkOperation,
	plan: ConnectionPlan[],
	fate: Fate,
	services: BulkServices
): Promise<void> {
	const file = createWriteStream(operation.file);
	const flush = async (text: string) => {
		operation.fileSize += Buffer.byteLength(text);
		if (!file.write(text)) await once(file, 'drain');
		// Lets the server answer other requests while a large file is written.
		await setImmediate();
	};
	let text = '';
	// Half of the last month's orders is a believable place for an operation to break down.
	const stopAt = fate === 'fail' ? Math.max(1, Math.floor(tenant.shop.orders.length / 2)) : Infinity;
	for (const line of bulkLines(plan, services.rootOf(tenant), operation, fate === 'scatter')) {
		if (operation.status !== 'RUNNING' || operation.rootObjectCount > stopAt) break;
		text += line + '\n';
		if (text.length < CHUNK) continue;
		await flush(text);
		text = '';
	}
	if (text) await flush(text);
	file.end();
	await once(file, 'close');
}
