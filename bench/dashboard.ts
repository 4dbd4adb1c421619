import type { DashboardView } from '../src/lib/contracts/analytics.ts';

/** What the dashboard shows, as the open page asks for it. `query` is the page's own: `from=2026-01-01&to=2026-01-31&country=GB`. */
export async function readDashboard(
	url: string,
	tenant: { slug: string; cookie: string },
	query = ''
): Promise<DashboardView> {
	const response = await fetch(`${url}/${tenant.slug}/dashboard/data${query ? `?${query}` : ''}`, {
		headers: { cookie: tenant.cookie }
	});
	if (!response.ok)
		throw new Error(`The dashboard answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
	return (await response.json()) as DashboardView;
}
