/** Money is whole pence. */
interface Figures {
	orders: number;
	units: number;
	gross: bigint;
	refundUnits: number;
	refunds: bigint;
}
/** What customers bought in a month; new: on the day of their first order. Pence. */
export interface CustomerMonth {
	newNet: bigint;
	returningNet: bigint;
	unidentifiedNet: bigint;
	newCustomers: number;
	newOrders: number;
	returningOrders: number;
}
/** Customers of one month's first orders; `active` and `revenue` by months after it. */
export interface CohortCount {
	customers: number;
	repeat: number;
	active: Record<string, number>;
	revenue: Record<string, bigint>;
}
export interface Behaviour {
	customers: number;
	repeat: number;
	orders: number;
	spent: bigint;
	medianDays: number | null;
	months: Record<string, CustomerMonth>;
	cohorts: Record<string, CohortCount>;
}
export interface Count {
	lines: number;
	invoices: number;
	orders: number;
	refundInvoices: number;
	adjustmentInvoices: number;
	adjustmentLines: number;
	guests: number;
	customers: number;
	customersOfOrders: number;
	total: Figures;
	months: Record<string, Figures>;
	countries: Record<string, Figures>;
	longInvoices: Record<string, number>;
	behaviour: Behaviour;
}
export function count(file: string): Promise<Count>;
export function inPounds(pence: bigint): string;
