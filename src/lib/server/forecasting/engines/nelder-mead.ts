/**
 * Minimises `cost` without derivatives, from `start` with first steps of `step`. Deterministic. Costs that are not finite count as
 * infinitely bad. At most `evaluations` calls.
 */
export function nelderMead(
	cost: (x: number[]) => number,
	start: readonly number[],
	{ step = 0.4, evaluations = 60 * start.length, tolerance = 1e-5 } = {}
): { x: number[]; cost: number } {
	let calls = 0;
	const at = (x: number[]) => {
		calls++;
		const value = cost(x);
		return { x, cost: Number.isFinite(value) ? value : Infinity };
	};
	const simplex = [at([...start]), ...start.map((_, i) => at(start.map((v, j) => (i === j ? v + step : v))))];
	const n = start.length;
	if (n === 0) return simplex[0]!;
	while (calls < evaluations) {
		simplex.sort((a, b) => a.cost - b.cost);
		const [best, worst, second] = [simplex[0]!, simplex[n]!, simplex[n - 1]!];
		if (worst.cost - best.cost <= tolerance * (Math.abs(best.cost) + 1e-12)) break;
		const centre = best.x.map((_, j) => simplex.slice(0, n).reduce((sum, p) => sum + p.x[j]!, 0) / n);
		const along = (k: number) => at(centre.map((c, j) => c + k * (worst.x[j]! - c)));
		const reflected = along(-1);
		if (reflected.cost < best.cost) {
			const expanded = along(-2);
			simplex[n] = expanded.cost < reflected.cost ? expanded : reflected;
		} else if (reflected.cost < second.cost) simplex[n] = reflected;
		else {
			const contracted = reflected.cost < worst.cost ? along(-0.5) : along(0.5);
			if (contracted.cost < Math.min(reflected.cost, worst.cost)) simplex[n] = contracted;
			else
				for (let i = 1; i <= n; i++)
					simplex[i] = at(simplex[i]!.x.map((v, j) => best.x[j]! + 0.5 * (v - best.x[j]!)));
		}
	}
	simplex.sort((a, b) => a.cost - b.cost);
	return simplex[0]!;
}
