/** How a projection would have done. `asOf`: what it knew. */
export interface BackTest {
	asOf: string;
	months: number;
	cohorts: number;
	/** Spending of these cohorts in the months after. */
	projected: string;
	actual: string;
	/** Sum of absolute errors over cohorts / actual, in percent; one decimal. */
	errorPercent: string | null;
	/** The same, had every cohort gone on as in its last three months. */
	naiveErrorPercent: string | null;
}

export interface Projection {
	method: 'chain-ladder';
	horizonMonths: 12;
	/** Mean spending of a customer in the first twelve months, over the cohorts of the last twelve; null without enough history. */
	ltv: string | null;
	/** Cumulative spending per customer by months since the first order, 0 to 12. */
	curve: { month: number; perCustomer: string; cohorts: number }[];
	backTest: BackTest | null;
}
