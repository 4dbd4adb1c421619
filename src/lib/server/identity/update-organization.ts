import { z } from 'zod';
import { record } from '../live/index.ts';
import type { Ctx, Organization } from '../platform/ctx.ts';
import { NotFound } from '../platform/errors.ts';
import { parse } from '../platform/parse.ts';
import { require } from './access.ts';
import { audit, type AuditData } from './audit.ts';
import { currency, locale, organizationName, timeZone } from './fields.ts';

const schema = z.strictObject({ name: organizationName, currency, timeZone, locale });
type Values = z.output<typeof schema>;

/**
 * Changes the organization's name, currency (ISO 4217), time zone (IANA) and locale (BCP 47). Another currency or time zone
 * puts every figure in another light: an outbox event of kind `rates` tells analytics and open pages, in the same commit.
 * Answers the organization as it is now.
 * @throws Forbidden, Invalid
 */
export async function updateOrganization(
	ctx: Ctx,
	input: unknown
): Promise<{ figuresChange: boolean; organization: Organization }> {
	require(ctx, 'organization.update');
	const wanted = parse(schema, input);
	const organizationId = ctx.organization.id;
	return record(organizationId, async (tx) => {
		const [before] = await tx.sql<Values[]>`
			select name, currency, time_zone, locale from organizations where id = ${organizationId} for update`;
		if (!before) throw new NotFound('This organization');
		const changed = (Object.keys(wanted) as (keyof Values)[]).filter((key) => wanted[key] !== before[key]);
		if (changed.length === 0)
			return { result: { figuresChange: false, organization: ctx.organization }, events: [] };
		await tx.sql`update organizations set name = ${wanted.name}, currency = ${wanted.currency}, time_zone = ${wanted.timeZone},
			locale = ${wanted.locale} where id = ${organizationId}`;
		await audit(
			tx,
			ctx,
			'organization.updated',
			{ kind: 'organization', id: organizationId },
			changes(before, wanted, changed)
		);
		const figuresChange = changed.includes('currency') || changed.includes('timeZone');
		const dimensions = { channel: null, categories: [], locations: [], country: null };
		const organization = { ...ctx.organization, ...wanted };
		return {
			result: { figuresChange, organization },
			events: figuresChange ? [{ organizationId, subjectId: null, kind: 'rates' as const, dimensions }] : []
		};
	});
}

/** Old and new values of the settings; of the name only that it changed. */
function changes(before: Values, after: Values, changed: (keyof Values)[]): AuditData {
	const data: AuditData = { changed };
	for (const key of changed) {
		if (key === 'name') continue;
		data[`${key}Before`] = before[key];
		data[key] = after[key];
	}
	return data;
}
