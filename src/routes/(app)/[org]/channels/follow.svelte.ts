import type { ConnectionView } from '#lib/contracts/channel-views.ts';
import type { LiveEvent } from '#lib/contracts/live.ts';

/** Connections that follow their events. When a run ends, `onended` asks for the page's data again: counts moved with it. */
export function followConnections(
	initial: readonly ConnectionView[],
	onended: () => void
): { readonly connections: ConnectionView[]; take(event: LiveEvent): void } {
	let connections = $state.raw([...initial]);
	return {
		get connections() {
			return connections;
		},
		take(event) {
			if (event.kind !== 'connection') return;
			const known = connections.find(({ id }) => id === event.connectionId);
			const running =
				event.run?.status === 'running' || (event.run?.status === 'queued' && event.run.kind === 'backfill');
			connections = connections.map((one) =>
				one.id === event.connectionId
					? {
							...one,
							status: event.status as ConnectionView['status'],
							// why the state before was so says nothing of this one; the page's data brings its own
							statusReason: event.status === one.status ? one.statusReason : null,
							freshAt: event.freshAt ?? one.freshAt,
							run: running ? event.run : null
						}
					: one
			);
			if (!known || !running || known.status !== event.status || known.run?.status !== event.run?.status)
				onended();
		}
	};
}
