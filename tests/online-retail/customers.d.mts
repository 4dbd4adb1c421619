import type { Behaviour } from './independent.mjs';

export function customerCount(): {
	add(invoice: string, seen: { time: string; customer: string; sold: number; pence: bigint }): void;
	result(): Behaviour;
};
