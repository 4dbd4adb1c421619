import type { DashboardView } from '../src/lib/contracts/analytics.ts';
import { pageData } from './page-data.ts';

/** What the dashboard page shows, read as a browser reads it. `query` is the page's own: `from=2026-01-01&to=2026-01-31&country=GB`. */
export async function readDashboard(url: string, tenant: { slug: string; cookie: string }, query = ''): Promise<DashboardView> {
	const { view } = await pageData<{ view: DashboardView }>(`${url}/${tenant.slug}/dashboard${query ? `?${query}` : ''}`, tenant.cookie);
	return view;
}
