import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/**
 * The options of a command. `--help` prints the usage and ends with 0; an option it does not have is named, with the usage, and ends
 * with 2.
 */
export function readOptions<const Options extends ParseArgsOptionsConfig>(usage: string, options: Options) {
	try {
		const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } });
		if (!(values as { help?: boolean }).help) return values; // the options of the caller hide it from the type
	} catch (error) {
		wrongCall((error as Error).message, usage);
	}
	console.log(usage);
	process.exit(0);
}

/** Ends a command that was called wrongly. */
export function wrongCall(reason: string, usage: string): never {
	console.error(`${reason}\n${usage}`);
	process.exit(2);
}
