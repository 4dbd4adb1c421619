import type { Prophet } from '@bsull/augurs/prophet';
import { optimizer as stan } from '@bsull/augurs-prophet-wasmstan';

type Optimizer = ConstructorParameters<typeof Prophet>[0]['optimizer'];

/** Of the data's JSON, what has a value for each regressor. `X` is by day, then by regressor. */
interface Data {
	K: number;
	X: number[][];
	s_a: number[];
	s_m: number[];
	sigmas: number[];
}

/**
 * Stan's optimizer, given the regressors in an order of their own: augurs hands them over in the order of a hash table, which differs from
 * fit to fit, and the optimum found depends on it. So the same series gets the same forecast, whatever was fitted before.
 */
export const optimizer: Optimizer = {
	optimize(init, json, options) {
		const data = JSON.parse(json) as Data;
		const order = orderOf(data);
		const pick = (values: number[]) => order.map((k) => values[k]!);
		const sorted = {
			...data,
			X: data.X.map(pick),
			s_a: pick(data.s_a),
			s_m: pick(data.s_m),
			sigmas: pick(data.sigmas)
		};
		const said = stan.optimize(
			{ ...init, beta: Float64Array.from(pick(Array.from(init.beta))) },
			JSON.stringify(sorted),
			options
		);
		const beta = new Float64Array(data.K);
		order.forEach((k, position) => (beta[k] = said.params.beta[position]!));
		return { ...said, params: { ...said.params, beta } };
	}
};

/** Regressors by their values, day by day. */
function orderOf({ K, X }: Data): number[] {
	return Array.from({ length: K }, (_, k) => k).sort((a, b) => {
		for (const row of X) {
			const difference = row[a]! - row[b]!;
			if (difference !== 0) return difference;
		}
		return a - b;
	});
}
