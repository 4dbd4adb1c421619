import { z } from 'zod';
import type { CostMethod } from '#lib/contracts/receipts.ts';
import { audit, require } from '../identity/index.ts';
import { record } from '../live/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { inOrganization } from '../platform/db.ts';
import { parse } from '../platform/parse.ts';

const schema = z.strictObject({ method: z.enum(['average', 'fifo'], { error: 'Choose a method.' }) });

/**
 * How the organization values what it sells; average where nobody chose.
 * @throws Forbidden without products.read
 */
export async function costMethod(ctx: Ctx): Promise<CostMethod> {
	require(ctx, 'products.read');
	const [row] = await inOrganization(
		ctx.organization.id,
		({ sql }) => sql<{ method: CostMethod }[]>`
		select method from cost_settings where organization_id = ${ctx.organization.id}`
	);
	return row?.method ?? 'average';
}

/**
 * Chooses how costs of goods are counted, of all days: profit follows at once.
 * @throws Forbidden without organization.update, Invalid
 */
export async function setCostMethod(ctx: Ctx, input: unknown): Promise<void> {
	require(ctx, 'organization.update');
	const { method } = parse(schema, input);
	const organizationId = ctx.organization.id;
	await record(organizationId, async (tx) => {
		await tx.sql`
			insert into cost_settings (organization_id, method) values (${organizationId}, ${method})
			on conflict (organization_id) do update set method = excluded.method`;
		await audit(tx, ctx, 'costs.method_set', undefined, { method });
		const dimensions = { channel: null, categories: [], locations: [], country: null };
		return { result: undefined, events: [{ kind: 'rates', organizationId, subjectId: null, dimensions }] };
	});
}
