import { inOrganization } from '../../../platform/db.ts';
import { object, objects, requiredText, type Json } from '../../json.ts';
import { AmazonRefused } from '../errors.ts';
import type { AmazonRun } from './orders.ts';

/** Items asked about in one run, those first that were not asked for longest. */
const ITEMS_A_RUN = 50;

interface Topic {
	sentiment: 'positive' | 'negative';
	topic: string;
	mentions: number | null;
	occurrence: number | null;
	star_impact: number | null;
	snippets: string[];
}

/** What reviews of the best known items talk about. Amazon tells topics and trends only: no single reviews, no stars. */
export async function readFeedback(context: AmazonRun): Promise<void> {
	const { client, connection, progress, signal } = context;
	const marketplaceId = client.marketplaceIds[0]!;
	const items = await inOrganization(
		connection.organizationId,
		({ sql }) => sql<{ item: string }[]>`
		select l.external_group_id as item from listings l left join review_topics t on t.connection_id = l.connection_id and t.organization_id = l.organization_id and t.item = l.external_group_id
		where l.organization_id = ${connection.organizationId} and l.connection_id = ${connection.id} and l.external_group_id is not null and l.status = 'active'
		group by l.external_group_id order by max(t.read_at) nulls first, l.external_group_id limit ${ITEMS_A_RUN}`
	);
	for (const { item } of items) {
		if (signal.aborted) return;
		let answer: Json | null = null;
		try {
			answer = await client.call(
				'getItemReviewTopics',
				{ path: { asin: item }, query: { marketplaceId, sortBy: 'MENTIONS' } },
				{ absent: true }
			);
		} catch (error) {
			// a parent ASIN, or one that left the catalogue
			if (!(error instanceof AmazonRefused) || error.refusal.status !== 400) throw error;
		}
		const topics = answer ? readTopics(answer) : [];
		if (topics.length > 0) await keep(context, item, topics);
		progress.add('reviews', { done: 1, written: topics.length > 0 ? 1 : 0 });
	}
}

/** The topics of an item. @throws Unparsable */
export function readTopics(answer: Json): Topic[] {
	const topics = object(answer.topics) ?? {};
	return (['positive', 'negative'] as const).flatMap((sentiment) =>
		objects(topics[`${sentiment}Topics`], 'The topics').map((one) => {
			const metrics = object(one.asinMetrics) ?? {};
			return {
				sentiment,
				topic: requiredText(one.topic, 'The topic').slice(0, 200),
				mentions: number(metrics.numberOfMentions),
				occurrence: number(metrics.occurrencePercentage),
				star_impact: number(metrics.starRatingImpact),
				snippets: (Array.isArray(one.reviewSnippets) ? one.reviewSnippets : [])
					.filter((snippet): snippet is string => typeof snippet === 'string')
					.map((snippet) => snippet.slice(0, 1000))
			};
		})
	);
}

async function keep({ connection }: AmazonRun, item: string, topics: readonly Topic[]): Promise<void> {
	await inOrganization(connection.organizationId, async ({ sql }) => {
		await sql`delete from review_topics where organization_id = ${connection.organizationId} and connection_id = ${connection.id} and item = ${item}`;
		await sql`
			insert into review_topics (organization_id, connection_id, item, sentiment, topic, mentions, occurrence, star_impact, snippets)
			select ${connection.organizationId}, ${connection.id}, ${item}, sentiment, topic, mentions, occurrence, star_impact, snippets
			from json_to_recordset(${JSON.stringify(topics)}::text::json) as r (sentiment text, topic text, mentions int, occurrence numeric, star_impact numeric, snippets jsonb)
			on conflict do nothing`;
	});
}

function number(value: unknown): number | null {
	return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
