import { execute, parse, validate, type DocumentNode, type GraphQLError } from 'graphql';
import { addUnknowns } from '../faults.ts';
import { actualCost, requestedCost } from './cost.ts';
import { rootOf, type RootServices } from './root.ts';
import { adminSchema } from './schema.ts';
import type { Tenant } from './tenant.ts';

export interface GraphqlRequest {
	query: string;
	variables: Record<string, unknown>;
	operationName: string | null;
}

const REMEMBERED_DOCUMENTS = 200;
const documents = new Map<string, { document: DocumentNode; errors: readonly GraphQLError[] }>();

function prepare(query: string) {
	const known = documents.get(query);
	if (known) return known;
	const document = parse(query);
	const prepared = { document, errors: validate(adminSchema(), document) };
	if (documents.size >= REMEMBERED_DOCUMENTS) documents.clear();
	documents.set(query, prepared);
	return prepared;
}

/**
 * Answers one Admin API call. Every answer has HTTP status 200, as Shopify's: problems are in `errors`. `queryCap` is
 * the most points one query may ask for.
 */
export async function answerGraphql(
	tenant: Tenant,
	request: GraphqlRequest,
	services: Omit<RootServices, 'warn'>,
	queryCap: number
): Promise<Record<string, unknown>> {
	let prepared;
	try {
		prepared = prepare(request.query);
	} catch (error) {
		return { errors: [(error as GraphQLError).toJSON()] };
	}
	if (prepared.errors.length > 0) return { errors: prepared.errors.map((error) => error.toJSON()) };

	const { bucket, faults, counters } = tenant;
	const requested = requestedCost(adminSchema(), prepared.document, request.operationName, request.variables);
	const cost = (actual: number | null) => ({
		requestedQueryCost: requested,
		actualQueryCost: actual,
		throttleStatus: bucket.status(services.now())
	});
	if (requested > queryCap) {
		const message = `Query cost is ${requested}, which exceeds the single query max cost limit (${queryCap}).`;
		const extensions = { code: 'MAX_COST_EXCEEDED', cost: requested, maxCost: queryCap };
		return { errors: [{ message, extensions }], extensions: { cost: cost(null) } };
	}
	counters.graphql++;
	if (faults.has('F16') && counters.graphql % 3 === 0) bucket.empty(services.now());
	if (!bucket.take(requested, services.now())) {
		counters.throttled++;
		const error = {
			message: 'Throttled',
			extensions: { code: 'THROTTLED', documentation: 'https://shopify.dev/api/usage/rate-limits' }
		};
		return { errors: [error], extensions: { cost: cost(null) } };
	}

	const warnings: unknown[] = [];
	const result = await execute({
		schema: adminSchema(),
		document: prepared.document,
		operationName: request.operationName,
		variableValues: request.variables,
		rootValue: rootOf(tenant, {
			...services,
			warn: (path, query, ignored) => {
				const list = ignored.map((field) => ({ field, message: 'Invalid search field for this query.' }));
				warnings.push({ path: [path], query, warnings: list });
			}
		})
	});
	const isMutation = requested > 0 && prepared.document.definitions.some((d) => 'operation' in d && d.operation === 'mutation'); // prettier-ignore
	const actual = isMutation ? requested : actualCost(result.data, requested);
	bucket.giveBack(requested - actual, services.now());
	return {
		...(result.data !== undefined && { data: faults.has('F37') ? addUnknowns(result.data) : result.data }),
		...(result.errors && { errors: result.errors.map((error) => error.toJSON()) }),
		extensions: { cost: cost(actual), ...(warnings.length > 0 && { search: warnings }) }
	};
}
