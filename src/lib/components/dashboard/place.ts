const names = new Map<string, Intl.DisplayNames>();

/** A country's name in a locale: "Norway"; the code itself where it is none we know; '' is told as such. */
export function countryName(code: string, locale: string): string {
	if (code === '') return 'No country told';
	let found = names.get(locale);
	if (!found) names.set(locale, (found = new Intl.DisplayNames(locale, { type: 'region' })));
	try {
		return found.of(code) ?? code;
	} catch {
		return code;
	}
}

/** Where an order goes: "Tacoma, WA" at home in the US, "Oslo, Norway" elsewhere; '' when nothing is told. `lead` stands before it. */
export function place(
	order: { city: string | null; country: string | null; region: string | null },
	locale: string,
	lead = ''
): string {
	const area =
		order.country === 'US' && order.region
			? order.region
			: order.country
				? countryName(order.country, locale)
				: null;
	const words = [order.city, area].filter(Boolean).join(', ');
	return words && lead + words;
}
