import { isCurrency } from './currency.ts';
import { CHANNELS, type Channel } from './channels.ts';
import { schema, z } from './zod.ts';

export const IMPORT_FORMATS = ['amazon', 'shopify', 'walmart', 'template'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];
export const FORMAT_NAMES: Record<ImportFormat, string> = {
	amazon: 'Amazon all orders report',
	shopify: 'Shopify order export',
	walmart: 'Walmart order report',
	template: 'Own columns'
};

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'shift_jis'] as const;
export type Encoding = (typeof ENCODINGS)[number];
export const ENCODING_NAMES: Record<Encoding, string> = {
	'utf-8': 'UTF-8',
	'utf-16le': 'UTF-16 little endian',
	'utf-16be': 'UTF-16 big endian',
	'windows-1252': 'Western (Windows-1252, Latin 1)',
	shift_jis: 'Japanese (Shift JIS, CP932)'
};
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];
export const DELIMITER_NAMES: Record<Delimiter, string> = {
	',': 'Comma',
	';': 'Semicolon',
	'\t': 'Tab',
	'|': 'Bar'
};

/** What a column of a file with own columns may hold. `required`: without it no order can be read. */
export const IMPORT_FIELDS = [
	{
		key: 'orderId',
		label: 'Order id',
		required: true,
		note: 'The channel’s own id: Amazon 111-2223334-5556667, Shopify the number in the column Id, Walmart the PO number.'
	},
	{ key: 'orderedAt', label: 'Ordered at', required: true, note: 'Date, or date and time.' },
	{
		key: 'quantity',
		label: 'Quantity',
		required: true,
		note: 'Pieces of this line; 0 for a row that is only a refund.'
	},
	{
		key: 'orderName',
		label: 'Order number',
		required: false,
		note: 'The number people use. The id when empty.'
	},
	{ key: 'lineId', label: 'Line id', required: false, note: 'The channel’s id of the line.' },
	{ key: 'sku', label: 'SKU', required: false, note: 'Joins the line with a product.' },
	{ key: 'title', label: 'Title', required: false, note: 'The SKU when empty.' },
	{
		key: 'unitPrice',
		label: 'Unit price',
		required: false,
		note: 'Of one piece, without tax. This or the line’s amount.'
	},
	{
		key: 'lineAmount',
		label: 'Line amount',
		required: false,
		note: 'Of all pieces, without tax, before discounts.'
	},
	{ key: 'discount', label: 'Discount', required: false, note: 'On this line.' },
	{ key: 'tax', label: 'Tax', required: false, note: 'On this line.' },
	{
		key: 'shipping',
		label: 'Shipping',
		required: false,
		note: 'Paid by the buyer, on this line. Lines are added up.'
	},
	{
		key: 'total',
		label: 'Order total',
		required: false,
		note: 'Of the whole order, the same on each of its lines.'
	},
	{
		key: 'currency',
		label: 'Currency',
		required: false,
		note: 'USD, EUR. The one chosen for the file when empty.'
	},
	{
		key: 'status',
		label: 'Status',
		required: false,
		note: 'pending, paid, shipped, delivered, refunded or cancelled.'
	},
	{ key: 'cancelledAt', label: 'Cancelled at', required: false, note: 'A cancelled order counts nowhere.' },
	{ key: 'refundAmount', label: 'Refund', required: false, note: 'Without tax, paid back for this line.' },
	{
		key: 'refundedAt',
		label: 'Refunded at',
		required: false,
		note: 'The day on which the refund is booked.'
	},
	{ key: 'email', label: 'E-mail', required: false, note: 'Of the buyer.' },
	{ key: 'customerName', label: 'Customer', required: false, note: 'Name of the buyer.' },
	{ key: 'city', label: 'City', required: false, note: 'Where it was sent.' },
	{ key: 'region', label: 'Region', required: false, note: 'State or province.' },
	{ key: 'country', label: 'Country', required: false, note: 'Two letters: US, DE.' }
] as const;
export type ImportField = (typeof IMPORT_FIELDS)[number]['key'];
/** Column of the file by field. */
export type Mapping = Partial<Record<ImportField, string>>;

/** How a file is to be read. */
export interface ImportOptions {
	format: ImportFormat;
	channel: Channel;
	encoding: Encoding;
	delimiter: Delimiter;
	/** IANA zone of times that bring none. */
	timeZone: string;
	/** Mark before the cents. */
	decimal: '.' | ',';
	/** Of 03/04/2025: the day is 3. */
	dayFirst: boolean;
	/** For rows that name none; ISO 4217. */
	currency: string;
	/** Walmart's item cost and the line's amount are those of one piece. */
	perPiece: boolean;
	mapping: Mapping;
	/** Where the orders go; null: the channel's connection, or one for files. */
	connectionId: string | null;
}

/** What a person chooses, as a form sends it. */
export const importOptionsSchema = schema(() =>
	z.strictObject({
		format: z.enum(IMPORT_FORMATS),
		channel: z.enum(CHANNELS),
		encoding: z.enum(ENCODINGS),
		delimiter: z.enum(DELIMITERS),
		timeZone: z
			.string()
			.max(64)
			.refine((zone) => isZone(zone), { error: 'Choose a time zone of the list.' }),
		decimal: z.enum(['.', ',']),
		dayFirst: z.boolean(),
		currency: z.string().refine(isCurrency, { error: 'Enter a currency code such as USD.' }),
		perPiece: z.boolean(),
		mapping: z.partialRecord(
			z.enum(IMPORT_FIELDS.map(({ key }) => key) as [ImportField, ...ImportField[]]),
			z.string().max(300)
		),
		connectionId: z.uuid().nullable()
	})
);

function isZone(zone: string): boolean {
	try {
		new Intl.DateTimeFormat('en', { timeZone: zone });
		return true;
	} catch {
		return false;
	}
}

/** Work under way; `done` and `total` are bytes while a file is checked, orders otherwise. */
export interface ImportProgress {
	done: number;
	total: number;
}

/** Figures of one currency as the import would add them. Amounts are decimal strings. */
export interface ImportSums {
	currency: string;
	orders: number;
	units: number;
	gross: string;
	discounts: string;
	refunds: string;
	net: string;
}

/** A line as it will be read. */
export interface ImportSample {
	/** Of the order's first row; null for its other lines. */
	line: number | null;
	order: string;
	placedAt: string;
	status: string;
	sku: string | null;
	title: string;
	quantity: number;
	amount: string | null;
	discount: string;
	currency: string;
}

/** What checking a file found out. */
export interface ImportSummary {
	rows: number;
	orders: number;
	/** Orders of which at least one line cannot be read: they are left out whole. */
	refused: number;
	errors: number;
	firstDay: string | null;
	lastDay: string | null;
	/** Not here yet. */
	fresh: number;
	/** Here from an earlier file. */
	imported: number;
	/** Here from the channel itself: left as they are. */
	told: number;
	sums: ImportSums[];
	samples: ImportSample[];
	/** What is worth knowing, with how many orders it concerns. */
	notices: { text: string; orders: number }[];
}

/** What recording did, in orders. */
export interface ImportResult {
	created: number;
	updated: number;
	unchanged: number;
	/** The channel had told them: left as they were. */
	told: number;
	failed: number;
	/** Filled by undoing. */
	removed?: number;
	/** Orders of this import that the channel told since, so that they stay. */
	kept?: number;
}

export type ImportStatus =
	| 'uploading'
	| 'mapping'
	| 'checking'
	| 'ready'
	| 'importing'
	| 'done'
	| 'failed'
	| 'undoing'
	| 'undone'
	| 'discarded';

export interface ImportView {
	id: string;
	filename: string;
	bytes: number;
	received: number;
	status: ImportStatus;
	channel: Channel | null;
	connectionName: string | null;
	format: ImportFormat | null;
	error: string | null;
	progress: ImportProgress | null;
	summary: ImportSummary | null;
	result: ImportResult | null;
	createdBy: string | null;
	createdAt: string;
	startedAt: string | null;
	finishedAt: string | null;
}

export interface ImportErrorView {
	line: number;
	/** The column's name in the file. */
	field: string | null;
	value: string | null;
	problem: string;
}
