import { createContext } from 'svelte';

/** What all figures of a page have in common: the zone their days are in, how fresh they are, how they are written. */
export interface Circumstances {
	readonly timeZone: string;
	readonly locale: string;
	/** ISO instant up to which the figures are complete. */
	readonly asOf: string;
}

/** A page sets it once, as a function, so that it stays current; `explain.svelte` reads it. */
export const [circumstances, setCircumstances] = createContext<() => Circumstances>();
