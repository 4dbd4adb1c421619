import type { Component } from 'svelte';
import { createAttachmentKey } from 'svelte/attachments';

interface Options<Content> {
	/** What opens, for screen readers. */
	kind: 'dialog' | 'menu';
	/** Of what opens. */
	id: string;
	isOpen(): boolean;
	setOpen(open: boolean): void;
	load(): Promise<{ default: Content }>;
}

/**
 * The control that opens an overlay, and the component that draws it. Most views open none, so its code is fetched when the pointer or
 * the focus comes near.
 */
export function overlay<Content extends Component<never, object, never> | Component<never>>({
	kind,
	id,
	isOpen,
	setOpen,
	load
}: Options<Content>) {
	let Content = $state.raw<Content>();
	let anchor = $state.raw<HTMLElement>();
	const near = () => void load().catch(() => {}); // tried again on the click, which tells

	async function show(open: boolean): Promise<void> {
		if (open) Content ??= (await load()).default;
		setOpen(open);
	}

	const attachment = (node: HTMLElement) => {
		anchor = node;
		node.addEventListener('pointerenter', near);
		node.addEventListener('focus', near);
		return () => {
			node.removeEventListener('pointerenter', near);
			node.removeEventListener('focus', near);
		};
	};
	const key = createAttachmentKey();
	const props = $derived({
		'aria-haspopup': kind,
		'aria-expanded': isOpen(),
		'aria-controls': isOpen() ? id : undefined,
		'data-state': isOpen() ? 'open' : 'closed',
		onclick: () => show(!isOpen()),
		onkeydown: (event: KeyboardEvent) => {
			if (kind !== 'menu' || event.key !== 'ArrowDown') return;
			event.preventDefault();
			void show(true);
		},
		[key]: attachment
	});

	return {
		get Content() {
			return Content;
		},
		get anchor() {
			return anchor;
		},
		get props() {
			return props as Record<string, unknown>;
		},
		/** Where the focus belongs when the overlay has closed. */
		back(event: Event) {
			event.preventDefault();
			anchor?.focus();
		}
	};
}
