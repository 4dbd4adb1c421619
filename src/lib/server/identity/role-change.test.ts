import { expect, test } from 'vitest';
import { roleChangeProblem } from './role-change.ts';

test.each([
	// actor, current, next, owners, refused?
	['owner', 'viewer', 'owner', 1, false],
	['owner', 'owner', 'admin', 2, false],
	['owner', 'owner', null, 2, false],
	['owner', 'owner', 'admin', 1, true],
	['owner', 'owner', null, 1, true],
	['owner', 'owner', 'owner', 1, false],
	['admin', 'viewer', 'admin', 1, false],
	['admin', 'viewer', null, 1, false],
	['admin', 'admin', 'owner', 1, true],
	['admin', 'owner', 'viewer', 2, true],
	['admin', 'owner', null, 2, true],
	['admin', 'owner', 'owner', 2, false],
	['viewer', 'viewer', null, 1, false]
] as const)('%s changes %s to %s with %i owners: refused %s', (actorRole, current, next, owners, refused) => {
	expect(roleChangeProblem({ actorRole, current, next, owners }) !== null).toBe(refused);
});
