import { XMLParser } from 'fast-xml-parser';

/** Units of a currency for one euro on a day. */
export interface ReferenceRate {
	currency: string;
	day: string;
	perEuro: string;
}

/**
 * Reads the European Central Bank's file of reference rates, of one day or of many (eurofxref-daily.xml, eurofxref-hist.xml): a Cube
 * per day with a Cube per currency. Rates that are no positive number are left out and counted.
 * @throws Error when it is no such file
 */
export function readRatesFile(xml: string): { rates: ReferenceRate[]; leftOut: number } {
	// no entities: the file has none, and expanding them is how a hostile one would eat memory
	const parser = new XMLParser({
		ignoreAttributes: false,
		attributeNamePrefix: '',
		parseAttributeValue: false,
		processEntities: false
	});
	const root = asRecord(parser.parse(xml))['gesmes:Envelope'];
	const days = listOf(asRecord(asRecord(root).Cube).Cube);
	if (days.length === 0) throw new Error('This is no file of reference rates: it holds no day.');
	const rates: ReferenceRate[] = [];
	let leftOut = 0;
	for (const day of days) {
		const time = String(asRecord(day).time ?? '');
		if (!/^\d{4}-\d{2}-\d{2}$/.test(time) || Number.isNaN(Date.parse(time)))
			throw new Error('This is no file of reference rates: a day has no date.');
		for (const one of listOf(asRecord(day).Cube)) {
			const { currency, rate } = asRecord(one);
			if (
				/^[A-Z]{3}$/.test(String(currency)) &&
				/^\d{1,9}(\.\d{1,10})?$/.test(String(rate)) &&
				Number(rate) > 0
			)
				rates.push({ currency: String(currency), day: time, perEuro: String(rate) });
			else leftOut++;
		}
	}
	return { rates, leftOut };
}

function asRecord(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
