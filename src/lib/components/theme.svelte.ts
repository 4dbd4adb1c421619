export type ThemeChoice = 'light' | 'dark' | 'system';

const key = 'tidemark-theme';
const canvas = { light: '#f5f6f9', dark: '#0b0d12' };

/**
 * The theme of this browser. `app.html` applies it before the first paint from the same key of local storage;
 * this keeps it right afterwards. On the server it always reads light and system.
 */
class Theme {
	#choice = $state<ThemeChoice>('system');
	#systemDark = $state(false);
	/** What is on screen. */
	shown = $derived<'light' | 'dark'>(
		this.#choice === 'system' ? (this.#systemDark ? 'dark' : 'light') : this.#choice
	);

	constructor() {
		if (typeof window === 'undefined') return;
		const system = matchMedia('(prefers-color-scheme: dark)');
		this.#systemDark = system.matches;
		try {
			const kept = localStorage.getItem(key);
			if (kept === 'light' || kept === 'dark') this.#choice = kept;
		} catch {
			// Storage is blocked: follow the system.
		}
		system.addEventListener('change', () => {
			this.#systemDark = system.matches;
			this.#apply();
		});
	}

	/** What the reader chose. */
	get choice(): ThemeChoice {
		return this.#choice;
	}

	set choice(next: ThemeChoice) {
		this.#choice = next;
		try {
			localStorage.setItem(key, next);
		} catch {
			// The choice then lasts as long as the page.
		}
		this.#apply();
	}

	#apply() {
		document.documentElement.dataset.theme = this.shown;
		document.querySelector('meta[name="theme-color"]')?.setAttribute('content', canvas[this.shown]);
	}
}

export const theme = new Theme();
