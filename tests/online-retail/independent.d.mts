/** Money is whole pence. */
interface Figures {
	orders: number;
	units: number;
	gross: bigint;
	refundUnits: number;
	refunds: bigint;
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
}
export function count(file: string): Promise<Count>;
export function inPounds(pence: bigint): string;
