import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { clientChunks } from './scripts/client-chunks.ts';
import { defineConfig } from 'vitest/config';

export default defineConfig({
	plugins: [
		tailwindcss(),
		clientChunks,
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
					exclude: ['src/**/*.db.test.ts'],
					setupFiles: ['tests/setup/seed.ts']
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
					setupFiles: ['tests/setup/seed.ts', 'tests/setup/platform.ts'],
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
