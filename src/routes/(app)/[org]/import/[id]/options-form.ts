/** What the form of a file's options sends, as the verb takes it: ticks become booleans, `map.` fields the mapping. */
export function optionsOf(fields: Record<string, string | string[]>): Record<string, unknown> {
	const mapping: Record<string, string> = {};
	const options: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(fields)) {
		if (name.startsWith('map.')) {
			if (value !== '') mapping[name.slice(4)] = String(value);
		} else options[name] = value;
	}
	return {
		...options,
		currency: String(options.currency ?? '')
			.trim()
			.toUpperCase(),
		dayFirst: options.dayFirst === 'yes',
		perPiece: options.perPiece === 'yes',
		connectionId: options.connectionId ? options.connectionId : null,
		mapping
	};
}
