import { AppError } from '../platform/errors.ts';

/**
 * Checks that the caller takes what an address answers with. No header, or one that cannot be read, takes anything.
 * @throws AppError 406 naming the type that would be sent
 */
export function assertAccepted(accept: string | null, type: string): void {
	if (accept === null || takes(accept, type)) return;
	throw new AppError(
		406,
		'not_acceptable',
		`This address answers with ${type}. Send the header Accept: ${type}, or none.`
	);
}

/** The most specific range that a type falls into decides; a weight of 0 refuses it (RFC 9110, 12.5.1). */
function takes(accept: string, type: string): boolean {
	const [main] = type.split('/');
	let best = -1;
	let taken = false;
	let ranges = 0;
	for (const one of accept.split(',')) {
		const [name, ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
		if (!/^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+$/.test(name!)) continue;
		ranges++;
		const rank = name === type ? 2 : name === `${main}/*` ? 1 : name === '*/*' ? 0 : -1;
		if (rank <= best) continue;
		best = rank;
		taken = !parameters.some((parameter) => /^q=0(\.0{0,3})?$/.test(parameter));
	}
	return taken || ranges === 0;
}
