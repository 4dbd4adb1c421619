/**
 * Joins formatted parts with the true minus sign (U+2212) in place of the hyphen, and the thousands letter small,
 * as the axes have it: $7.5k.
 */
export function trueMinus(parts: Intl.NumberFormatPart[]): string {
	return parts
		.map((part) => {
			if (part.type === 'minusSign') return '\u2212';
			if (part.type === 'compact' && part.value === 'K') return 'k';
			return part.value;
		})
		.join('');
}
