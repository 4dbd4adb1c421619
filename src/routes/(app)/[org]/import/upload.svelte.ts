/** What goes wrong in the browser's part of an upload, in words for the person. */
export class UploadError extends Error {}

const TRIES = 6;

/** A file on its way to the server, in parts: no limit of a request's size holds it up, and a lost connection is waited for. */
export class Upload {
	/** 0 to 1; null while nothing is sent. */
	share = $state<number | null>(null);
	/** The connection is away; it is tried again. */
	waiting = $state(false);
	readonly #base: string;

	constructor(slug: string) {
		this.#base = `/${slug}/import`;
	}

	/** Announces the file and sends it; answers the import's id. @throws UploadError */
	async send(file: File): Promise<string> {
		if (file.size === 0) throw new UploadError('The file is empty.');
		this.share = 0;
		const { id } = await this.#ask<{ id: string }>('files', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ filename: file.name, bytes: file.size })
		});
		await this.resume(id, file, 0);
		return id;
	}

	/** Sends the rest of a file whose first bytes are there. @throws UploadError */
	async resume(id: string, file: File, from: number): Promise<void> {
		const partBytes = 4_000_000;
		let at = from;
		for (let failed = 0; at < file.size;) {
			this.share = at / file.size;
			try {
				const part = file.slice(at, Math.min(at + partBytes, file.size));
				const { received } = await this.#ask<{ received: number }>(`${id}/part?offset=${at}`, {
					method: 'PUT',
					headers: { 'content-type': 'application/octet-stream' },
					body: part
				});
				at = received;
				failed = 0;
				this.waiting = false;
			} catch (error) {
				if (error instanceof UploadError || ++failed >= TRIES)
					throw error instanceof UploadError
						? error
						: new UploadError(
								'The server does not answer. Choose the same file again and the upload goes on.'
							);
				this.waiting = true;
				await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** failed));
				at = await this.#ask<{ received: number }>(`${id}/part`, {})
					.then(({ received }) => received)
					.catch(() => at);
			}
		}
		this.share = 1;
	}

	/** @throws UploadError for what the server refuses; a TypeError or 5xx may pass by itself */
	async #ask<T>(address: string, init: RequestInit): Promise<T> {
		const response = await fetch(`${this.#base}/${address}`, init);
		if (response.ok) return (await response.json()) as T;
		const body = (await response.json().catch(() => ({}))) as { message?: string };
		if (response.status >= 500 || response.status === 429) throw new Error(body.message);
		throw new UploadError(body.message ?? 'The file was refused.');
	}
}
