import type { Component } from 'svelte';

/** An icon component as Lucide exports them: `import Download from '@lucide/svelte/icons/download'`. */
export type Icon = Component<{ class?: string }>;
