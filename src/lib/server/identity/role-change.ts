import type { Role } from '#lib/contracts/permissions.ts';

/**
 * Why a change of a membership is refused, as a sentence; null when it is fine. `next` null means removal.
 * Owners are made and unmade by owners only, and one always remains.
 */
export function roleChangeProblem(change: {
	actorRole: Role;
	current: Role;
	next: Role | null;
	owners: number;
}): string | null {
	const { actorRole, current, next, owners } = change;
	if ((current === 'owner' || next === 'owner') && actorRole !== 'owner' && current !== next) {
		return current === 'owner'
			? 'Only an owner can change or remove another owner.'
			: 'Only an owner can make someone an owner.';
	}
	if (current === 'owner' && next !== 'owner' && owners <= 1) {
		return 'This is the only owner. Make someone else an owner first.';
	}
	return null;
}
