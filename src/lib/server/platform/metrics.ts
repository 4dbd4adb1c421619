import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const make = () => {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const on = { registers: [registry] };
	return {
		registry,
		httpSeconds: new Histogram({
			name: 'http_request_seconds',
			help: 'Duration of requests by route and status',
			labelNames: ['method', 'route', 'status'],
			buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
			...on
		}),
		webhooks: new Counter({
			name: 'webhooks_total',
			help: 'Webhooks received by channel and outcome',
			labelNames: ['channel', 'outcome'],
			...on
		}),
		webhookCommitSize: new Histogram({
			name: 'webhook_commit_size',
			help: 'Webhooks in one commit',
			buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
			...on
		}),
		orders: new Counter({
			name: 'orders_recorded_total',
			help: 'Orders recorded by channel and outcome',
			labelNames: ['channel', 'outcome'],
			...on
		}),
		transactions: new Counter({
			name: 'transactions_recorded_total',
			help: 'Fees and other movements of money recorded by channel and outcome',
			labelNames: ['channel', 'outcome'],
			...on
		}),
		unknownValues: new Counter({
			name: 'channel_unknown_values_total',
			help: 'Values from channels that we do not know',
			labelNames: ['channel', 'field'],
			...on
		}),
		syncRuns: new Counter({
			name: 'sync_runs_total',
			help: 'Finished sync runs',
			labelNames: ['channel', 'outcome'],
			...on
		}),
		liveClients: new Gauge({ name: 'live_clients', help: 'Open event streams', ...on }),
		olapLag: new Gauge({
			name: 'olap_lag_events',
			help: 'Outbox events not yet applied to ClickHouse',
			...on
		}),
		jobs: new Counter({ name: 'jobs_total', help: 'Finished jobs', labelNames: ['name', 'outcome'], ...on })
	};
};

const held = globalThis as unknown as { tidemarkMetrics?: ReturnType<typeof make> };

/** Prometheus metrics of this process; one set even when vite dev loads this module again. */
export const metrics = (held.tidemarkMetrics ??= make());
