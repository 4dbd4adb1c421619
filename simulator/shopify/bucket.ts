/** The leaky bucket of one (app, shop): restores evenly, never above its size. */
export class Bucket {
	readonly size: number;
	readonly restoreRate: number;
	#level: number;
	#at: number;

	/** `restoreRate` in points per second; `now` in milliseconds. */
	constructor(size: number, restoreRate: number, now: number) {
		this.size = size;
		this.restoreRate = restoreRate;
		this.#level = size;
		this.#at = now;
	}

	available(now: number): number {
		const restored = this.#level + (Math.max(0, now - this.#at) / 1000) * this.restoreRate;
		this.#level = Math.min(this.size, restored);
		this.#at = now;
		return this.#level;
	}

	/** Takes the points, or returns false and takes nothing. */
	take(cost: number, now: number): boolean {
		if (this.available(now) < cost) return false;
		this.#level -= cost;
		return true;
	}

	/** Gives back what a query turned out not to cost. */
	giveBack(points: number, now: number): void {
		this.#level = Math.min(this.size, this.available(now) + points);
	}

	empty(now: number): void {
		this.available(now);
		this.#level = 0;
	}

	status(now: number) {
		return {
			maximumAvailable: this.size,
			currentlyAvailable: Math.floor(this.available(now)),
			restoreRate: this.restoreRate
		};
	}
}
