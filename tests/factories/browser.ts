import type { RequestIdentity } from '../../src/lib/server/identity/index.ts';
import { newId } from '../../src/lib/server/platform/ids.ts';

/** A browser with a cookie jar, from an address of its own. */
export interface TestBrowser {
	request: RequestIdentity;
	jar: Map<string, string>;
}

let next = 1;

export function makeBrowser(given: Partial<Omit<RequestIdentity, 'cookies'>> = {}): TestBrowser {
	const jar = new Map<string, string>();
	const number = next++;
	return {
		jar,
		request: {
			cookies: {
				get: (name) => jar.get(name),
				set: (name, value) => void jar.set(name, value),
				delete: (name) => void jar.delete(name)
			},
			secure: true,
			requestId: newId(),
			address: `10.1.${Math.trunc(number / 250)}.${(number % 250) + 1}`,
			userAgent: 'Test browser',
			...given
		}
	};
}
