/**
 * Reads what a page's `load` answered, from its `__data.json`: the data of all its layouts and of the page, merged.
 * @throws Error for a redirect, an error page or another status
 */
export async function pageData<T>(url: string, cookie = ''): Promise<T> {
	const [page, query] = url.split('?') as [string, string?];
	const response = await fetch(`${page}/__data.json${query ? `?${query}` : ''}`, { headers: { cookie } });
	if (!response.ok)
		throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
	const [head] = (await response.text()).split('\n'); // later lines are promises that a page may stream
	const body = JSON.parse(head!) as {
		type: string;
		location?: string;
		nodes: ({ type: string; data?: unknown[]; error?: unknown } | null)[];
	};
	if (body.type !== 'data') throw new Error(`${url} answered with a ${body.type} to ${body.location}.`);
	const merged = {};
	for (const node of body.nodes) {
		if (node?.type === 'error') throw new Error(`${url}: ${JSON.stringify(node.error)}`);
		if (node?.type === 'data') Object.assign(merged, unflatten(node.data!));
	}
	return merged as T;
}

/** SvelteKit's flat form: each value stands once, objects and lists hold the places of their values; -1 is undefined. */
function unflatten(values: readonly unknown[]): unknown {
	const made = new Map<number, unknown>();
	const revive = (place: number): unknown => {
		if (place < 0) return undefined;
		if (made.has(place)) return made.get(place);
		const value = values[place];
		if (typeof value !== 'object' || value === null) return value;
		if (Array.isArray(value)) {
			if (typeof value[0] === 'string') return value[0] === 'Date' ? new Date(String(value[1])) : undefined; // types we do not read
			const list: unknown[] = [];
			made.set(place, list);
			for (const one of value) list.push(revive(one as number));
			return list;
		}
		const object: Record<string, unknown> = {};
		made.set(place, object);
		for (const [key, one] of Object.entries(value)) object[key] = revive(one as number);
		return object;
	};
	return revive(0);
}
