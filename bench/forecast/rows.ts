/** One line of `--out`: what a method said at an origin. Arrays are `horizon` long, in units a day. */
export interface Row {
	series_id: string;
	/** ISO date of the last day known. */
	origin: string;
	method: string;
	point: number[];
	lo80: number[];
	hi80: number[];
	lo95: number[];
	hi95: number[];
}
