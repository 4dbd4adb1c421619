/** A person at a browser without scripts: keeps cookies, posts forms. */
export class Visitor {
	#url: string;
	#cookies = new Map<string, string>();

	constructor(url: string) {
		this.#url = url;
	}

	get cookie(): string {
		return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
	}

	async get(path: string): Promise<Response> {
		return this.#keep(
			await fetch(this.#url + path, {
				headers: { cookie: this.cookie, accept: 'text/html' },
				redirect: 'manual'
			})
		);
	}

	/** Posts a form as the page does; answers where it leads. @throws Error with the page's words when it is refused */
	async post(path: string, fields: Record<string, string>): Promise<string> {
		const response = await this.#keep(
			await fetch(this.#url + path, {
				method: 'POST',
				redirect: 'manual',
				body: new URLSearchParams(fields),
				headers: { cookie: this.cookie, origin: this.#url, accept: 'text/html' }
			})
		);
		if (response.status === 303) return response.headers.get('location')!;
		const words = (await response.text())
			.replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
			.replace(/<[^>]+>/g, ' ')
			.replace(/\s+/g, ' ');
		if (response.status >= 400)
			throw new Error(`${path} was refused with ${response.status}: ${words.slice(0, 1500)}`);
		return path;
	}

	#keep(response: Response): Response {
		for (const cookie of response.headers.getSetCookie()) {
			const [pair] = cookie.split(';');
			const [name, ...value] = pair!.split('=');
			this.#cookies.set(name!, value.join('='));
		}
		return response;
	}
}
