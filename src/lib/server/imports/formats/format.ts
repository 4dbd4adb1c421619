import type { Channel } from '#lib/contracts/channels.ts';
import type { ImportFormat, ImportOptions } from '#lib/contracts/imports.ts';
import type { ChannelOrderInput } from '../../orders/index.ts';
import type { OrderRow, Problems } from './row.ts';

/** How one kind of file is read. `Field` names what its columns hold. */
export interface Format<Field extends string = string> {
	key: ImportFormat;
	/** Null where the person says which. */
	channel: Channel | null;
	/** False where a quotation mark is a character like any other. */
	quotes: boolean;
	/** Names of columns by field; they are compared without case and marks. */
	columns: Record<Field, readonly string[]>;
	/** Without these columns a file is not of this kind. */
	marks: readonly Field[];
	/** What rows of one order share; empty where the cell is. */
	groupBy: Field;
	/**
	 * The order that rows tell, null for one that is none of this channel's sales (a notice says so). What cannot be read is told
	 * to `problems`: the order is then left out whole, since a part of it would be a wrong figure.
	 */
	assemble(
		rows: readonly OrderRow<Field>[],
		options: ImportOptions,
		problems: Problems
	): ChannelOrderInput | null;
}

/**
 * The version under which files tell an order. Older than anything a channel says, so that a channel's own word always
 * replaces a file's, and the same for all files, so that a later file replaces an earlier one.
 */
export const FILE_VERSION = '1970-01-01T00:00:00.000Z';

/** A column's name without case, spaces and marks. */
export function plain(column: string): string {
	return column
		.replace(/^\ufeff/, '')
		.toLowerCase()
		.replace(/#/g, 'number')
		.replace(/[^\p{L}\p{N}]+/gu, '');
}
