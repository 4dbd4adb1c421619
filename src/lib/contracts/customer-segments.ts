import { schema, z } from './zod.ts';
import { acquired } from './acquired.ts';
import type { Unidentified, CustomersUnconverted } from './customer-gaps.ts';

export const SEGMENTS = [
	'champions',
	'loyal',
	'potential_loyalists',
	'new',
	'promising',
	'need_attention',
	'about_to_sleep',
	'at_risk',
	'cannot_lose',
	'hibernating'
] as const;
export type SegmentName = (typeof SEGMENTS)[number];

export const segmentsQuerySchema = schema(() => z.strictObject({ channels: acquired }));
export type SegmentsQuery = z.input<typeof segmentsQuerySchema>;

export interface Segment {
	segment: SegmentName;
	customers: number;
	orders: number;
	net: string;
	/** Net / customers. */
	average: string;
	/** Median of days since the last order. */
	daysSinceLast: number;
}

/** RFM segments of all customers as of today. */
export interface SegmentsView {
	position: number;
	asOf: string;
	currency: string;
	today: string;
	customers: number;
	segments: Segment[];
	/** Customers by recency score (5 is newest) and frequency score. */
	grid: { recency: number; frequency: number; customers: number; segment: SegmentName }[];
	/** What the scores mean: upper ends of the fifths. */
	limits: { recencyDays: number[]; orders: number[]; net: string[] };
	unidentified: Unidentified;
	unconverted: CustomersUnconverted[];
}

export interface RfmScores {
	recency: number;
	frequency: number;
	monetary: number;
	segment: SegmentName;
}
