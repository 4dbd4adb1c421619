import type { Line, Shop, Variant } from './model.ts';
import type { Random } from './random.ts';
import { DAY } from './time.ts';

/** Units a customer can buy now at a location. */
export function availableAt(variant: Variant, location: number): number {
	return variant.tracked ? (variant.levels[location]?.available ?? 0) : Number.POSITIVE_INFINITY;
}

function totalAvailable(variant: Variant): number {
	let sum = 0;
	for (const level of variant.levels) sum += level.available;
	return sum;
}

/**
 * Gives each variant its first stock and a reorder policy from its expected sales a day. Some suppliers are slow:
 * those products run out.
 */
export function openStock(shop: Shop, random: Random, at: number, dailyUnits: (v: Variant) => number): void {
	for (const variant of shop.variants) {
		const daily = Math.max(0.02, dailyUnits(variant));
		variant.leadDays = random.int(7, 24);
		const slow = random.chance(0.1);
		const cover = slow ? 0.5 : 1.3 + random.next() * 0.5;
		variant.reorderPoint = Math.max(slow ? 3 : 15, Math.round(daily * variant.leadDays * cover));
		variant.orderUpTo =
			variant.reorderPoint + Math.max(slow ? 10 : 26, Math.round(daily * random.int(30, 70)));
		const units = random.int(variant.reorderPoint, variant.orderUpTo);
		const west = Math.round(units * 0.6);
		variant.levels = [west, units - west].map((available) => ({ available, committed: 0, updatedAt: at }));
	}
}

/** Books a delivery that is due; returns true when stock changed. */
export function receiveDue(variant: Variant, at: number): boolean {
	if (variant.arrivesAt === 0 || variant.arrivesAt > at) return false;
	const west = Math.round(variant.arrivingUnits * 0.6);
	[west, variant.arrivingUnits - west].forEach((units, location) => {
		const level = variant.levels[location];
		if (!level) return;
		level.available += units;
		level.updatedAt = variant.arrivesAt;
	});
	variant.arrivesAt = 0;
	variant.arrivingUnits = 0;
	return true;
}

/** Takes sold units off a location and orders more when the reorder point is reached. */
export function takeStock(shop: Shop, line: Line, location: number, at: number, random: Random): void {
	const variant = line.variant;
	const level = variant?.levels[location];
	if (!variant?.tracked || !level) return;
	level.available -= line.quantity;
	level.committed += line.quantity;
	level.updatedAt = at;
	orderMore(shop, variant, at, random);
}

/** Places a supplier order when stock is at or under the reorder point and none is under way. */
export function orderMore(shop: Shop, variant: Variant, at: number, random: Random): void {
	if (variant.arrivesAt !== 0) return;
	const left = totalAvailable(variant);
	if (left > variant.reorderPoint) return;
	const late = random.chance(0.08) ? random.int(8, 25) : 0;
	variant.arrivesAt = at + Math.round(((variant.leadDays + late) * DAY) / shop.pace);
	variant.arrivingUnits = Math.max(6, variant.orderUpTo - left);
}

/** Units leave the building: committed falls, available was lowered when they were sold. */
export function shipStock(line: Line, location: number): void {
	const level = line.variant?.levels[location];
	if (level) level.committed = Math.max(0, level.committed - line.currentQuantity);
}

/** Puts returned or cancelled units back. */
export function returnStock(variant: Variant | null, location: number, units: number, at: number): void {
	const level = variant?.tracked ? variant.levels[location] : undefined;
	if (!level) return;
	level.available += units;
	level.updatedAt = Math.max(level.updatedAt, at);
}
