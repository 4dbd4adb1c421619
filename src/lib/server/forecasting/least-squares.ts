/** Weights that minimise squared error + `penalty[j] * w[j]^2`, by Cholesky of the normal equations. `rows` of equal length. */
export function ridge(
	rows: readonly Float64Array[],
	target: readonly number[],
	penalty: readonly number[]
): Float64Array {
	const k = penalty.length;
	const a = penalty.map((p, i) => Float64Array.from({ length: k }, (_, j) => (i === j ? p + 1e-9 : 0)));
	const b = new Float64Array(k);
	rows.forEach((row, r) => {
		for (let i = 0; i < k; i++) {
			b[i]! += row[i]! * target[r]!;
			for (let j = 0; j <= i; j++) a[i]![j]! += row[i]! * row[j]!;
		}
	});
	for (let i = 0; i < k; i++)
		for (let j = 0; j <= i; j++) {
			let sum = a[i]![j]!;
			for (let m = 0; m < j; m++) sum -= a[i]![m]! * a[j]![m]!;
			a[i]![j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[j]![j]!;
		}
	for (let i = 0; i < k; i++) {
		for (let j = 0; j < i; j++) b[i]! -= a[i]![j]! * b[j]!;
		b[i]! /= a[i]![i]!;
	}
	for (let i = k - 1; i >= 0; i--) {
		for (let j = i + 1; j < k; j++) b[i]! -= a[j]![i]! * b[j]!;
		b[i]! /= a[i]![i]!;
	}
	return b;
}
