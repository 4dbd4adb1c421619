import type { Plugin } from 'vite';

/**
 * Which code of the browser travels together: a first view in few requests. The bundler alone makes a chunk for each set of pages that
 * share a module, a hundred for one view. Higher priorities take first, each group with all that its modules import, so that no chunk
 * needs one of a lower priority.
 */
const GROUPS = [
	{ name: 'payload', test: /kit\/src\/runtime\/client\/payload\.js/, priority: 5 },
	{ name: 'svelte', test: /node_modules\/svelte\/|vite\/preload-helper/, priority: 4 },
	{
		name: 'kit',
		test: /kit\/src\/(?!runtime\/client\/(entry|client-entry|payload)\.js)/,
		minShareCount: 2,
		priority: 3
	},
	{
		name: 'shell',
		test: /components\/(shell\/|ui\/(channel-mark|copy-button|note|page-header|seg|table|tag|toast)\.)|contracts\/permissions/,
		minShareCount: 2,
		priority: 2
	},
	{
		name: 'figures',
		test: /components\/(charts|dashboard|filters|format|live|metrics|ui\/(channel-share|kpi|kpi-strip)\.)|@lucide\/svelte/,
		minShareCount: 2,
		priority: 1
	}
];

/** Must run after the page's payload is set, which the entries do: cut otherwise, a form's answer is lost on the way to its page. */
const RUNTIME = /kit\/src\/runtime\/client\/client\.js$/;

export const clientChunks: Plugin = {
	name: 'tidemark:client-chunks',
	configEnvironment: (name) =>
		name === 'client'
			? { build: { rolldownOptions: { output: { codeSplitting: { groups: GROUPS } } } } }
			: undefined,
	applyToEnvironment: (environment) => environment.name === 'client',
	generateBundle(_options, bundle) {
		const reached = (file: string, way: string[]): string[] => {
			if (way.includes(file)) this.error(`The chunks ${[...way, file].join(' > ')} import each other.`);
			const chunk = bundle[file];
			if (chunk?.type !== 'chunk') return [];
			return [file, ...chunk.imports.flatMap((each) => reached(each, [...way, file]))];
		};
		for (const chunk of Object.values(bundle)) {
			if (chunk.type !== 'chunk' || !/entry\/(start|app)\./.test(chunk.fileName)) continue;
			for (const file of reached(chunk.fileName, [])) {
				const each = bundle[file];
				if (each?.type === 'chunk' && each.moduleIds.some((id) => RUNTIME.test(id)))
					this.error(`${chunk.fileName} brings Kit's runtime before the page's payload is set.`);
			}
		}
	}
};
