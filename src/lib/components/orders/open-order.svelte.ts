import { goto, preloadData } from '$app/navigation';
import { page } from '$app/state';
import type { OrderView } from '#lib/contracts/orders.ts';

declare global {
	// eslint-disable-next-line @typescript-eslint/no-namespace -- the one place where SvelteKit lets page.state be typed
	namespace App {
		interface PageState {
			/** The order that stands in the drawer beside the list. */
			order?: string;
		}
	}
}

/** Beside the list there is room for a drawer from here on; below it an order is a page of its own. */
const ROOM = '(min-width: 1181px)';

/**
 * The order beside the list. Its address is the order's own page, so that a reload or a shared link shows it in full; going back
 * closes the drawer. `returnTo` is the list's address.
 */
export function openOrder(hrefOf: (id: string) => string, returnTo: () => string) {
	let loaded = $state.raw<{ id: string; order: OrderView | null; error: string | null } | null>(null);

	async function open(id: string): Promise<void> {
		const replace = page.state.order !== undefined;
		await goto(hrefOf(id), { shallow: true, replace, state: { order: id } });
		await read(id);
	}
	async function read(id: string): Promise<void> {
		loaded = { id, order: loaded?.id === id ? loaded.order : null, error: null };
		const result = await preloadData(hrefOf(id));
		if (loaded?.id !== id) return; // another was opened meanwhile
		if (result.type === 'loaded')
			loaded = { id, order: (result.data as { order: OrderView }).order, error: null };
		else
			loaded = {
				id,
				order: null,
				error: result.type === 'error' ? result.error.message : 'Sign in again to see this order.'
			};
	}

	return {
		get id(): string | null {
			return page.state.order ?? null;
		},
		get order(): OrderView | null {
			return loaded && loaded.id === page.state.order ? loaded.order : null;
		},
		get error(): string | null {
			return loaded && loaded.id === page.state.order ? loaded.error : null;
		},
		open,
		/** Asks again for the open order: it changed. */
		refresh(id: string): void {
			if (page.state.order === id) void read(id);
		},
		close(): void {
			if (page.state.order !== undefined) void goto(returnTo(), { shallow: true, replace: true, state: {} });
		},
		/** Whether a press opens the drawer rather than following its link. */
		takes(event: MouseEvent): boolean {
			return (
				event.button === 0 &&
				!event.ctrlKey &&
				!event.metaKey &&
				!event.shiftKey &&
				!event.altKey &&
				matchMedia(ROOM).matches
			);
		}
	};
}
