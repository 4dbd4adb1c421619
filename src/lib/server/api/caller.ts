/** Where a request comes from. */
export interface Caller {
	requestId: string;
	/** The client's address, behind a trusted proxy the forwarded one. */
	address: string;
	userAgent: string;
	secure: boolean;
}
