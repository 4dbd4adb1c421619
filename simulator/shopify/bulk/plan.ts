import {
	getArgumentValues,
	getNamedType,
	isAbstractType,
	isCompositeType,
	isLeafType,
	isListType,
	isNonNullType,
	isObjectType,
	isUnionType,
	Kind,
	parse,
	validate,
	type FieldNode,
	type FragmentDefinitionNode,
	type GraphQLCompositeType,
	type GraphQLOutputType,
	type GraphQLSchema,
	type SelectionSetNode
} from 'graphql';

type Source = Record<string, unknown>;
type Write = (value: unknown) => string;

/** How to print one node of a connection, and which connections hang below it. */
export interface NodePlan {
	write: (source: Source, parentId: string | null) => string;
	children: ConnectionPlan[];
}

export interface ConnectionPlan {
	/** Rows of the connection, all of them: page arguments mean nothing in bulk. */
	rows: (source: Source) => Iterable<unknown>;
	node: NodePlan;
}

export class BulkRefusal extends Error {}

const MOST_CONNECTIONS = 5;
const DEEPEST = 2;
const PLAIN = new Set(['ID', 'DateTime', 'Decimal', 'Money', 'UnsignedInt64', 'URL']);

interface Build {
	schema: GraphQLSchema;
	fragments: Map<string, FragmentDefinitionNode>;
	connections: number;
}

interface Place {
	depth: number;
	insideList: boolean;
	children: ConnectionPlan[];
	/** From the node's source to the object whose fields are being planned. */
	reach: (source: Source) => Source | null;
}

/**
 * Turns a bulk query into functions that print its lines. Running graphql-js for a million lines would take minutes;
 * these read the same views through the same schema. Throws BulkRefusal with Shopify's reasons.
 */
export function planBulk(schema: GraphQLSchema, query: string): ConnectionPlan[] {
	let document;
	try {
		document = parse(query);
	} catch (error) {
		throw new BulkRefusal(`Invalid bulk query: ${(error as Error).message}`);
	}
	const problems = validate(schema, document);
	if (problems.length > 0) throw new BulkRefusal(`Invalid bulk query: ${problems[0]!.message}`);
	const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
	const operation = operations[0];
	if (operations.length !== 1 || operation?.operation !== 'query') {
		throw new BulkRefusal('Invalid bulk query: exactly one query operation is expected');
	}
	const build: Build = { schema, fragments: new Map(), connections: 0 };
	for (const node of document.definitions) {
		if (node.kind === Kind.FRAGMENT_DEFINITION) build.fragments.set(node.name.value, node);
	}
	const children: ConnectionPlan[] = [];
	planFields(build, schema.getQueryType()!, operation.selectionSet, {
		depth: 0,
		insideList: false,
		children,
		reach: (source) => source
	});
	if (build.connections === 0) throw new BulkRefusal('Bulk queries must contain at least one connection.');
	if (build.connections > MOST_CONNECTIONS) {
		throw new BulkRefusal(`Bulk queries cannot contain more than ${MOST_CONNECTIONS} connections.`);
	}
	return children;
}

interface FieldPlan {
	key: string;
	when: ReadonlySet<string> | null;
	read: (source: Source) => unknown;
	write: Write;
}

function reader(name: string, args: Record<string, unknown>): (source: Source) => unknown {
	return (source) => {
		const value = source[name];
		return typeof value === 'function' ? (value as (a: unknown) => unknown).call(source, args) : value;
	};
}

function planFields(
	build: Build,
	type: GraphQLCompositeType,
	set: SelectionSetNode,
	place: Place,
	when: ReadonlySet<string> | null = null
): FieldPlan[] {
	const plans: FieldPlan[] = [];
	for (const selection of set.selections) {
		if (selection.kind === Kind.FIELD) {
			const plan = planField(build, type, selection, place, when);
			if (plan) plans.push(plan);
			continue;
		}
		const fragment =
			selection.kind === Kind.FRAGMENT_SPREAD ? build.fragments.get(selection.name.value)! : selection;
		const condition = fragment.typeCondition?.name.value ?? type.name;
		const inner = build.schema.getType(condition);
		if (!inner || !isCompositeType(inner)) continue;
		const names = isAbstractType(inner)
			? build.schema.getPossibleTypes(inner).map((t) => t.name)
			: [inner.name];
		const guard = inner === type ? when : new Set(names);
		plans.push(...planFields(build, inner, fragment.selectionSet, place, guard));
	}
	return plans;
}

function planField(
	build: Build,
	parent: GraphQLCompositeType,
	field: FieldNode,
	place: Place,
	when: ReadonlySet<string> | null
): FieldPlan | null {
	const name = field.name.value;
	const key = JSON.stringify(field.alias?.value ?? name);
	if (name === '__typename') return { key, when, read: (source) => source.__typename, write: JSON.stringify };
	if (isUnionType(parent)) return null;
	const definition = parent.getFields()[name]!;
	const named = getNamedType(definition.type);
	const read = reader(name, getArgumentValues(definition, field, {}));
	if (isObjectType(named) && named.name.endsWith('Connection')) {
		place.children.push(planConnection(build, named.name, field, place, read));
		return null;
	}
	return { key, when, read, write: writerOf(build, definition.type, field, place, read) };
}

function planConnection(
	build: Build,
	typeName: string,
	field: FieldNode,
	place: Place,
	read: (source: Source) => unknown
): ConnectionPlan {
	if (place.insideList) {
		throw new BulkRefusal(
			'Queries that contain a connection field within a list field are not currently supported.'
		);
	}
	if (place.depth >= DEEPEST) {
		throw new BulkRefusal(
			`Bulk queries cannot contain connections with a nesting depth greater than ${DEEPEST}.`
		);
	}
	build.connections++;
	const nodeType = build.schema.getType(typeName.replace(/Connection$/, ''));
	const set = nodeSelection(field);
	if (!set || !nodeType || !isCompositeType(nodeType)) {
		throw new BulkRefusal(`The connection '${field.name.value}' must select its nodes.`);
	}
	const children: ConnectionPlan[] = [];
	const fields = planFields(build, nodeType, set, {
		depth: place.depth + 1,
		insideList: false,
		children,
		reach: (source) => source
	});
	if (children.length > 0 && !fields.some((plan) => plan.key === '"id"')) {
		throw new BulkRefusal(
			"The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type."
		);
	}
	const write = objectWriter(fields);
	return {
		rows: (source) => {
			const owner = place.reach(source);
			return owner ? (read(owner) as { all: () => Iterable<unknown> }).all() : [];
		},
		node: {
			children,
			write: (source, parentId) => {
				const body = write(source);
				return parentId === null ? body : `${body.slice(0, -1)},"__parentId":"${parentId}"}`;
			}
		}
	};
}

function nodeSelection(field: FieldNode): SelectionSetNode | undefined {
	for (const selection of field.selectionSet?.selections ?? []) {
		if (selection.kind !== Kind.FIELD) continue;
		if (selection.name.value === 'nodes') return selection.selectionSet;
		if (selection.name.value !== 'edges') continue;
		const node = selection.selectionSet?.selections.find(
			(inner) => inner.kind === Kind.FIELD && inner.name.value === 'node'
		);
		if (node?.kind === Kind.FIELD) return node.selectionSet;
	}
	return undefined;
}

function objectWriter(plans: readonly FieldPlan[]): (source: Source) => string {
	const prefixes = plans.map((plan) => `${plan.key}:`);
	return (source) => {
		let text = '{';
		for (let i = 0; i < plans.length; i++) {
			const plan = plans[i]!;
			if (plan.when && !plan.when.has(source.__typename as string)) continue;
			if (text.length > 1) text += ',';
			text += prefixes[i] + plan.write(plan.read(source));
		}
		return text + '}';
	};
}

function writerOf(
	build: Build,
	type: GraphQLOutputType,
	field: FieldNode,
	place: Place,
	read: (source: Source) => unknown
): Write {
	if (isNonNullType(type)) return writerOf(build, type.ofType, field, place, read);
	if (isListType(type)) {
		const item = writerOf(build, type.ofType, field, { ...place, insideList: true }, read);
		return (value) => (value ? `[${(value as unknown[]).map(item).join(',')}]` : 'null');
	}
	if (isLeafType(type)) {
		// These never hold a character that JSON escapes.
		if (PLAIN.has(type.name)) return (value) => (value === null || value === undefined ? 'null' : `"${value}"`); // prettier-ignore
		return (value) => JSON.stringify(value ?? null);
	}
	const reach = (source: Source) => {
		const owner = place.reach(source);
		return owner ? ((read(owner) as Source | null) ?? null) : null;
	};
	const fields = planFields(build, type, field.selectionSet!, { ...place, reach });
	const write = objectWriter(fields);
	return (value) => (value ? write(value as Source) : 'null');
}
