import { forecastOptions, USAGE } from './options.ts';
import { runForecastBench } from './run.ts';

/** The forecast bench, with options of its own. Exits with 0, 1 when it could not be done, 2 for a wrong call. */
export async function main(args: string[]): Promise<number> {
	let options;
	try {
		options = forecastOptions(args);
	} catch (error) {
		console.error(`${(error as Error).message}\n${USAGE}`);
		return 2;
	}
	try {
		await runForecastBench(options);
		return 0;
	} catch (error) {
		console.error(`The bench stopped: ${(error as Error).message}`);
		return 1;
	}
}
