/** What the benches at many lines take. */
export interface Options {
	/** Order lines of the big seller. */
	lines: number;
	/** A folder that is filled once and used again; a temporary one when not given. */
	data: string | undefined;
	/** Samples of each statement. */
	samples: number;
	/** The seller of P6 has so many times the lines; 0 leaves P6 out. */
	grow: number;
}
