let known: Set<string> | undefined;

/** Whether a code is a currency of ISO 4217, as this runtime knows it. Capitals. */
export function isCurrency(code: string): boolean {
	known ??= new Set(Intl.supportedValuesOf('currency'));
	return known.has(code);
}
