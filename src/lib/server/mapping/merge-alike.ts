import { suggestMerges } from '../catalog/index.ts';
import { require } from '../identity/index.ts';
import type { Ctx } from '../platform/ctx.ts';
import { Conflict, NotFound } from '../platform/errors.ts';
import { mergeProducts } from './merge.ts';

/**
 * Merges the suggested pairs that share a GTIN, one after the other; a pair that cannot be merged is left for a person.
 * @returns how many were merged, and how many were left
 * @throws Forbidden without products.manage
 */
export async function mergeAlike(ctx: Ctx): Promise<{ merged: number; left: number }> {
	require(ctx, 'products.manage');
	const { suggestions } = await suggestMerges(ctx);
	/** Where products went in this very call. */
	const went = new Map<string, string>();
	const nowOf = (id: string): string => {
		const next = went.get(id);
		return next === undefined ? id : nowOf(next);
	};
	let left = 0;
	for (const { evidence, into, from } of suggestions) {
		if (evidence !== 'gtin') continue;
		const [intoId, fromId] = [nowOf(into.id), nowOf(from.id)];
		if (intoId === fromId) continue;
		try {
			await mergeProducts(ctx, { intoId, fromId });
			went.set(fromId, intoId);
		} catch (error) {
			if (!(error instanceof Conflict || error instanceof NotFound)) throw error;
			left++;
		}
	}
	return { merged: went.size, left };
}
