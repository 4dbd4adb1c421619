import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';

/** Bytes below which a shared chunk is not worth a request of its own. */
const SMALL_CHUNK = 14_000;

const CLIENT_BUNDLE = {
	// schemas that a page's code does not use are left out of it: making one has no effect
	treeshake: { manualPureFunctions: ['z'] },
	output: {
		codeSplitting: {
			groups: [
				{ name: 'base', minShareCount: 5 },
				{ name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: SMALL_CHUNK }
			]
		}
	}
};

export default defineConfig({
	plugins: [
		tailwindcss(),
		{
			name: 'tidemark:chunks',
			/** A first view in few requests: code that many pages share in one chunk, small leftovers with their nearest neighbours. */
			configEnvironment: (name) =>
				name === 'client' ? { build: { rolldownOptions: CLIENT_BUNDLE } } : undefined
		},
		sveltekit({
			adapter: adapter(),
			// small styles travel with the page
			inlineStyleThreshold: 24_000,
			compilerOptions: {
				runes: ({ filename }: { filename: string }) => (filename.includes('node_modules') ? undefined : true)
				// the option's declared type is a plain boolean, Kit passes functions through
			} as never,
			csp: {
				mode: 'auto',
				directives: {
					'default-src': ['self'],
					'script-src': ['self'],
					'style-src': ['self', 'unsafe-inline'],
					'img-src': ['self', 'data:'],
					'font-src': ['self'],
					'connect-src': ['self'],
					'object-src': ['none'],
					'frame-ancestors': ['none'],
					'base-uri': ['self'],
					'form-action': ['self']
				}
			}
		})
	],
	server: {
		watch: { ignored: ['**/.data*/**', '**/simulator/**', '**/bench/**', '**/tests/**', '**/docs/**'] }
	},
	test: {
		testTimeout: 30_000,
		hookTimeout: 60_000,
		maxWorkers: 2,
		projects: [
			{
				extends: true,
				test: {
					name: 'unit',
					environment: 'node',
					include: ['src/**/*.test.ts', 'simulator/**/*.test.ts'],
					exclude: ['src/**/*.db.test.ts']
				}
			},
			{
				extends: true,
				test: {
					name: 'server',
					environment: 'node',
					include: ['src/**/*.db.test.ts', 'tests/**/*.test.ts'],
					exclude: ['tests/e2e/**', 'tests/faults/**'],
					globalSetup: ['tests/setup/postgres.ts'],
					setupFiles: ['tests/setup/platform.ts'],
					pool: 'forks'
				}
			},
			{
				extends: true,
				test: {
					name: 'faults',
					environment: 'node',
					include: ['tests/faults/**/*.test.ts'],
					globalSetup: ['tests/setup/app.ts'],
					fileParallelism: false
				}
			},
			{
				extends: true,
				test: {
					name: 'e2e',
					environment: 'node',
					include: ['tests/e2e/**/*.test.ts'],
					globalSetup: ['tests/setup/app.ts'],
					testTimeout: 120_000,
					hookTimeout: 180_000,
					fileParallelism: false
				}
			}
		]
	}
});
