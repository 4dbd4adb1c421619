import {
	getNamedType,
	isCompositeType,
	isInterfaceType,
	isObjectType,
	isUnionType,
	Kind,
	type DocumentNode,
	type FieldNode,
	type FragmentDefinitionNode,
	type GraphQLCompositeType,
	type GraphQLSchema,
	type SelectionSetNode,
	type ValueNode
} from 'graphql';

const MUTATION_COST = 10;

interface Walk {
	schema: GraphQLSchema;
	fragments: Map<string, FragmentDefinitionNode>;
	variables: Record<string, unknown>;
}

function walkOf(schema: GraphQLSchema, document: DocumentNode, variables: Record<string, unknown>): Walk {
	const fragments = new Map<string, FragmentDefinitionNode>();
	for (const node of document.definitions) {
		if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
	}
	return { schema, fragments, variables };
}

function numberOf(value: ValueNode | undefined, variables: Record<string, unknown>): number | undefined {
	if (value?.kind === Kind.INT) return Number(value.value);
	if (value?.kind === Kind.VARIABLE) {
		const given = variables[value.name.value];
		return typeof given === 'number' ? given : undefined;
	}
	return undefined;
}

function pageSize(field: FieldNode, variables: Record<string, unknown>): number {
	for (const name of ['first', 'last']) {
		const argument = field.arguments?.find((a) => a.name.value === name);
		const size = numberOf(argument?.value, variables);
		if (size !== undefined) return size;
	}
	return 1;
}

function isConnection(type: GraphQLCompositeType): boolean {
	return type.name.endsWith('Connection');
}

/** Sum over selected fields; of alternatives (fragments on different types) the dearest counts. */
function selectionCost(walk: Walk, type: GraphQLCompositeType, set: SelectionSetNode): number {
	let sum = 0;
	let dearest = 0;
	for (const selection of set.selections) {
		if (selection.kind === Kind.FIELD) {
			sum += fieldCost(walk, type, selection);
			continue;
		}
		const fragment =
			selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(selection.name.value) : selection;
		if (!fragment) continue;
		const name = fragment.typeCondition?.name.value;
		const inner = name ? walk.schema.getType(name) : type;
		if (!inner || !isCompositeType(inner)) continue;
		const cost = selectionCost(walk, inner, fragment.selectionSet);
		if (inner.name !== type.name && (isUnionType(type) || isInterfaceType(type))) {
			dearest = Math.max(dearest, cost);
		} else sum += cost;
	}
	return sum + dearest;
}

function fieldCost(walk: Walk, parent: GraphQLCompositeType, field: FieldNode): number {
	if (!field.selectionSet || isUnionType(parent)) return 0;
	const definition =
		(isObjectType(parent) || isInterfaceType(parent)) && parent.getFields()[field.name.value];
	if (!definition) return 0;
	const type = getNamedType(definition.type);
	if (!isCompositeType(type)) return 0;
	if (isConnection(type)) {
		return 2 + pageSize(field, walk.variables) * nodeCost(walk, type, field.selectionSet);
	}
	return 1 + selectionCost(walk, type, field.selectionSet);
}

/** Cost of one node of a connection, asked for through `nodes` or `edges { node }`. */
function nodeCost(walk: Walk, connection: GraphQLCompositeType, set: SelectionSetNode): number {
	let cost = 0;
	if (!isObjectType(connection)) return cost;
	for (const selection of set.selections) {
		if (selection.kind !== Kind.FIELD || !selection.selectionSet) continue;
		const field = connection.getFields()[selection.name.value];
		const type = field && getNamedType(field.type);
		if (!type || !isCompositeType(type)) continue;
		if (selection.name.value === 'nodes') cost += 1 + selectionCost(walk, type, selection.selectionSet);
		if (selection.name.value === 'edges') cost += selectionCost(walk, type, selection.selectionSet);
	}
	return cost;
}

/**
 * Cost of a query before it runs: scalars and enums 0, objects 1, connections by `first` or `last`, of unions and
 * interfaces the dearest, a mutation field 10 (shopify.dev, "Rate limits").
 */
export function requestedCost(
	schema: GraphQLSchema,
	document: DocumentNode,
	operationName: string | null | undefined,
	variables: Record<string, unknown>
): number {
	const walk = walkOf(schema, document, variables);
	for (const node of document.definitions) {
		if (node.kind !== Kind.OPERATION_DEFINITION) continue;
		if (operationName && node.name?.value !== operationName) continue;
		if (node.operation === 'mutation') return MUTATION_COST * node.selectionSet.selections.length;
		return selectionCost(walk, schema.getQueryType()!, node.selectionSet);
	}
	return 0;
}

/** Cost after the query ran: the same rule over what came back, never more than was asked. */
export function actualCost(data: unknown, requested: number): number {
	return Math.min(requested, countObjects(data) - 1);
}

function countObjects(value: unknown): number {
	if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countObjects(item), 0);
	if (value === null || typeof value !== 'object') return 0;
	let sum = 1;
	for (const [key, item] of Object.entries(value)) if (key !== 'pageInfo') sum += countObjects(item);
	return sum;
}
