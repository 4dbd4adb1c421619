import type { ConnectionPlan } from './plan.ts';

type Source = Record<string, unknown>;

interface Counts {
	objectCount: number;
	rootObjectCount: number;
}

/** Parents whose children are held back together when lines are scattered. */
const SCATTER = 150;

/**
 * The lines of a bulk result without their line breaks; counts rise as lines are given out. Scattered, children
 * come long after their parents, in reverse, with blank lines between (fault F24).
 */
export function* bulkLines(
	plan: readonly ConnectionPlan[],
	root: Source,
	counts: Counts,
	scatter: boolean
): Generator<string> {
	let held: string[] = [];
	for (const connection of plan) {
		for (const row of connection.rows(root)) {
			counts.rootObjectCount++;
			counts.objectCount++;
			yield connection.node.write(row as Source, null);
			if (!scatter) {
				yield* childrenOf(connection, row as Source, counts);
				continue;
			}
			held.push(...childrenOf(connection, row as Source, counts));
			if (counts.rootObjectCount % SCATTER !== 0) continue;
			yield* held.reverse();
			yield '';
			held = [];
		}
	}
	yield* held.reverse();
}

function* childrenOf(connection: ConnectionPlan, parent: Source, counts: Counts): Generator<string> {
	for (const child of connection.node.children) {
		const parentId = parent.id as string;
		for (const row of child.rows(parent)) {
			counts.objectCount++;
			yield child.node.write(row as Source, parentId);
			if (child.node.children.length > 0) yield* childrenOf(child, row as Source, counts);
		}
	}
}
