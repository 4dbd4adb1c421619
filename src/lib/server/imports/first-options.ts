import type { Channel } from '#lib/contracts/channels.ts';
import type { Encoding, ImportOptions } from '#lib/contracts/imports.ts';
import { importTargets } from '../channels/index.ts';
import type { Organization } from '../platform/ctx.ts';
import type { Tx } from '../platform/db.ts';
import { detect, missingColumns } from './formats/detect.ts';
import { decoded, detectEncoding } from './text/encoding.ts';

const HEAD = 65_536;

/** The beginning of a file, as text. */
export async function headOf(
	file: string,
	encoding?: Encoding
): Promise<{ text: string; encoding: Encoding }> {
	const found = encoding ?? (await detectEncoding(file));
	let text = '';
	for await (const piece of decoded(file, found)) {
		text += piece.text;
		if (text.length >= HEAD) break;
	}
	return { text: text.slice(0, HEAD), encoding: found };
}

/**
 * How a file is most likely to be read. Times without a zone are the account's, else the organization's; `isKnown`: nothing must be
 * asked before it can be checked.
 */
export async function firstOptions(
	tx: Tx,
	organization: Organization,
	head: { text: string; encoding: Encoding }
): Promise<{ header: string[]; options: ImportOptions; isKnown: boolean }> {
	const { header, channel: told, ...found } = detect(head.text);
	const channel: Channel = told ?? 'shopify';
	const [target] = await importTargets(tx, organization.id, channel);
	const options: ImportOptions = {
		...found,
		channel,
		encoding: head.encoding,
		timeZone: target?.timeZone ?? organization.timeZone,
		currency: channel === 'walmart' ? 'USD' : (target?.currency ?? organization.currency),
		perPiece: false,
		connectionId: null
	};
	const names = header.slice(0, 500).map((name) => name.replaceAll('\0', '').toWellFormed().slice(0, 300));
	return { header: names, options, isKnown: told !== null && missingColumns(header, options).length === 0 };
}
