import { isoUtc } from '../../world/time.ts';
import { gid } from '../ids.ts';
import { deterministicSecret } from '../tenant.ts';
import type { BulkOperation, BulkServices } from './operation.ts';

/** Path of an operation's file; the hash keeps it from being guessed from the number. */
export function bulkPath(operation: BulkOperation): string {
	const key = deterministicSecret('', operation.shop, operation.n, operation.createdAt);
	return `/__bulk/${operation.shop}/${operation.n}/${key}.jsonl`;
}

export function bulkView(operation: BulkOperation, services: Pick<BulkServices, 'baseUrl'>) {
	const url = `${services.baseUrl()}${bulkPath(operation)}`;
	const done = operation.completedAt > 0;
	return {
		__typename: 'BulkOperation',
		id: gid('BulkOperation', operation.n),
		type: 'QUERY',
		query: operation.query,
		status: operation.status,
		errorCode: operation.errorCode,
		createdAt: isoUtc(operation.createdAt),
		completedAt: done ? isoUtc(operation.completedAt) : null,
		objectCount: String(operation.objectCount),
		rootObjectCount: String(operation.rootObjectCount),
		fileSize: done ? String(operation.fileSize) : null,
		url: operation.status === 'COMPLETED' && operation.objectCount > 0 ? url : null,
		partialDataUrl: operation.status === 'FAILED' && operation.objectCount > 0 ? url : null
	};
}
