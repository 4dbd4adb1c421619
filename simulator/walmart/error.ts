/** What goes back over the wire. A text body is sent as it is. */
export interface Reply {
	status: number;
	body: unknown;
	headers?: Record<string, string>;
}

/** One entry of Walmart's list of errors. */
export function errorEntry(
	code: string,
	description: string,
	{
		field = code,
		category = 'DATA',
		ids = {}
	}: { field?: string; category?: string; ids?: Record<string, unknown> } = {}
) {
	return {
		code,
		field,
		description,
		info: description,
		severity: 'ERROR',
		category,
		causes: [],
		errorIdentifiers: ids
	};
}

/** An answer in Walmart's form of errors. */
export function errorReply(
	status: number,
	code: string,
	description: string,
	options: Parameters<typeof errorEntry>[2] & { headers?: Record<string, string> } = {}
): Reply {
	return {
		status,
		body: { errors: [errorEntry(code, description, options)] },
		...(options.headers && { headers: options.headers })
	};
}

/** A request that cannot be met. */
export class Refused extends Error {
	reply: Reply;
	constructor(reply: Reply) {
		super('refused');
		this.reply = reply;
	}
}

export function invalid(field: string, description: string): Refused {
	return new Refused(errorReply(400, `INVALID_REQUEST_PARAM.GMP_ORDER_API`, description, { field }));
}
