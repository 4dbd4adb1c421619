import net from 'node:net';
import type { Delivery } from './webhook.ts';

/** An answer, with the `performance.now()` before the first byte went out and after its head was read. */
export interface Answer {
	status: number;
	/** Whole seconds, where the server asked for a pause. */
	retryAfter: number | null;
	sentAt: number;
	answeredAt: number;
}

/**
 * A keep-alive HTTP/1.1 client of one socket that posts one delivery at a time. The load runs on the machine of the server:
 * node:http's client would take as much of it as the server does.
 */
export class Poster {
	#socket: net.Socket | null = null;
	#port: number;
	#path: string;

	constructor(port: number, path: string) {
		this.#port = port;
		this.#path = path;
	}

	/** @throws Error when the connection cannot be made, or breaks before the answer */
	async post({ headers, body }: Pick<Delivery, 'headers' | 'body'>): Promise<Answer> {
		const socket = (this.#socket ??= await this.#connect());
		const head = `POST ${this.#path} HTTP/1.1\r\nhost: 127.0.0.1:${this.#port}\r\ncontent-length: ${body.length}\r\n${lines(headers)}\r\n`;
		const sentAt = performance.now();
		socket.cork();
		socket.write(head, 'latin1');
		socket.write(body);
		socket.uncork();
		return new Promise((resolve, reject) => {
			let text = '';
			const settle = (act: () => void) => {
				socket.off('data', onData).off('close', onClose).off('error', onClose);
				act();
			};
			const onClose = (error?: unknown) =>
				settle(() => {
					this.close();
					reject(error instanceof Error ? error : new Error('The connection ended before the answer.'));
				});
			const onData = (chunk: Buffer) => {
				text += chunk.toString('latin1');
				const end = text.indexOf('\r\n\r\n');
				if (end < 0) return;
				const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? Number.NaN);
				const chunked = /^transfer-encoding: chunked/im.test(text);
				const whole = chunked
					? text.endsWith('0\r\n\r\n')
					: text.length >= end + 4 + (Number.isNaN(length) ? 0 : length);
				if (!whole) return;
				const answeredAt = performance.now();
				const retryAfter = /^retry-after: (\d+)/im.exec(text)?.[1];
				settle(() => {
					if (/^connection: close/im.test(text)) this.close();
					resolve({
						status: Number(text.slice(9, 12)),
						retryAfter: retryAfter === undefined ? null : Number(retryAfter),
						sentAt,
						answeredAt
					});
				});
			};
			socket.on('data', onData).on('close', onClose).on('error', onClose);
		});
	}

	close(): void {
		this.#socket?.destroy();
		this.#socket = null;
	}

	#connect(): Promise<net.Socket> {
		return new Promise((resolve, reject) => {
			const socket = net.connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
			socket.once('error', reject).once('connect', () => {
				socket.off('error', reject);
				socket.on('error', () => {}); // the post in flight hears of it by itself
				resolve(socket);
			});
		});
	}
}

function lines(headers: Record<string, string>): string {
	return Object.entries(headers)
		.map(([name, value]) => `${name}: ${value}\r\n`)
		.join('');
}
