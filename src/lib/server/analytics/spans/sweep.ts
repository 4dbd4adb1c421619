import { olapStore } from '../../platform/olap.ts';
import { chunks, rows, uuid } from '../projection/clickhouse.ts';

const AT_ONCE = 1000;

/**
 * Drops sums of spans that were made again more than `seconds` ago, when no reader can be looking at them any more. Fewer than `worth` are
 * not worth rewriting a part for.
 */
export async function dropReplacedSpans(seconds: number, worth: number): Promise<void> {
	const { rebuild, database } = olapStore();
	const replaced = await rows<{ id: string; made: string }>(
		rebuild,
		`select toString(organization_id) as id, toString(made) as made from (
			select organization_id, made, lagInFrame(made_at) over (partition by organization_id, kind, days, first order by made desc
				rows between unbounded preceding and unbounded following) as newer from ${database}.spans
		) where newer > 0 and newer < now() - ${Number(seconds)} limit 20000`
	);
	if (replaced.length < worth) return;
	for (const [id, own] of Map.groupBy(replaced, (row) => row.id))
		for (const part of chunks(own, AT_ONCE))
			for (const table of ['span_sums', 'spans'])
				await rebuild.command({
					query: `delete from ${database}.${table} where organization_id = ${uuid(id)} and made in (${part.map(({ made }) => BigInt(made)).join(',')})`
				});
}
