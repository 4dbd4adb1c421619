import type { ServerResponse } from 'node:http';
import { ControlError, numberOf, type Body } from './control-input.ts';

const KINDS = ['status', 'html', 'cut', 'reset', 'slow'] as const;
type Kind = (typeof KINDS)[number];

/** Something that goes wrong on the way, whatever the channel. */
export interface Trouble {
	kind: Kind;
	/** Part of the path it strikes; empty for every call. */
	path: string;
	/** Strikes at every n-th call that matches. */
	every: number;
	/** Strikes left. */
	times: number;
	status: number;
	delayMs: number;
	seen: number;
	struck: number;
}

/** Reads the control endpoint's `trouble`. Throws ControlError naming what is wrong. */
export function readTrouble(body: Body): Trouble {
	const kind = KINDS.find((one) => one === body.kind);
	if (!kind) throw new ControlError(`kind must be one of ${KINDS.join(', ')}`);
	const status = numberOf(body, 'status', 503);
	if (!Number.isInteger(status) || status < 400 || status > 599)
		throw new ControlError('status must be 400 to 599');
	return {
		kind,
		path: typeof body.path === 'string' ? body.path : '',
		every: Math.max(1, Math.round(numberOf(body, 'every', 1))),
		times: numberOf(body, 'times', 1),
		status,
		delayMs: numberOf(body, 'delayMs', 3000),
		seen: 0,
		struck: 0
	};
}

/** The trouble that strikes this call, if any; it is counted. */
export function troubleOf(troubles: readonly Trouble[], path: string): Trouble | undefined {
	for (const trouble of troubles) {
		if (!path.includes(trouble.path) || trouble.struck >= trouble.times) continue;
		if (++trouble.seen % trouble.every !== 0) continue;
		trouble.struck++;
		return trouble;
	}
	return undefined;
}

/** Makes it happen. False when the call goes on as usual afterwards (it was only slow). */
export async function strike(trouble: Trouble, response: ServerResponse): Promise<boolean> {
	const { kind, status, delayMs } = trouble;
	if (kind === 'slow') {
		await new Promise((resolve) => setTimeout(resolve, delayMs));
		return false;
	}
	if (kind === 'reset') {
		response.destroy();
		return true;
	}
	if (kind === 'cut') {
		response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '4096' });
		response.write('{"orders":[{"orderId":"111-');
		setTimeout(() => response.destroy(), 20);
		return true;
	}
	if (kind === 'html') {
		response.writeHead(status, { 'Content-Type': 'text/html' });
		response.end(
			'<html><head><title>Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>'
		);
		return true;
	}
	response.writeHead(status, { 'Content-Type': 'application/json' });
	response.end('{}');
	return true;
}
