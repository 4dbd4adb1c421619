import { untrack } from 'svelte';
import type { LiveEvent } from '#lib/contracts/live.ts';
import { depart, enter } from './tab-streams.ts';
import type { LiveState } from './source.ts';

interface LivePage {
	/** Organization and person: `key` in the page's data. */
	key: string;
	/** Path of the stream. */
	path: string;
	/** The position the page was rendered at, and the instant (ISO) at which its figures were true. */
	position: number;
	asOf: string;
	onevent(event: LiveEvent): void;
	/** The page's data must be asked for again, until it includes `position`. */
	onstale(position: number): void;
}

/**
 * Connects a page to its organization's events while it is mounted, and answers what the `asof` part shows. With each new
 * `position` (the page's data was loaded anew) it joins again from there: what arrived while the data travelled is repeated.
 */
export function live(page: () => LivePage): { readonly state: LiveState; readonly asOf: string } {
	let state = $state<LiveState>('reconnecting');
	let beat = $state('');
	let connected = $state(false);
	// one by one: figures that change beside them must not make the page join anew
	const key = $derived(page().key);
	const path = $derived(page().path);
	const position = $derived(page().position);

	$effect(() => {
		const [own, from, at] = [key, path, position];
		return untrack(() => {
			const leave = enter(own, from, at).join(at, {
				onevent: (event) => {
					if (event.at > beat) beat = event.at;
					page().onevent(event);
				},
				onbeat: (_position, at) => {
					if (at > beat) beat = at;
				},
				onreset: (reset) => page().onstale(reset),
				onpoll: () => page().onstale(0),
				onstate: (next) => {
					state = next;
					connected ||= next !== 'reconnecting';
				}
			});
			return () => {
				leave();
				depart(own);
			};
		});
	});

	return {
		// until the first answer the page is as fresh as it was rendered: no alarm in between
		get state() {
			return connected ? state : 'live';
		},
		/** The last moment up to which the page is known to be complete. */
		get asOf() {
			const { asOf } = page();
			return beat > asOf ? beat : asOf;
		}
	};
}
