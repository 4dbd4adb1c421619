import { z } from 'zod';

/** What an event says it is about. What it says of it is not used: it may be old. */
export interface Hint {
	id: string;
	type: string;
	objectKind: 'subscription' | 'invoice' | 'checkout.session' | 'customer';
	objectId: string;
	customerId: string | null;
}

const KINDS = ['subscription', 'invoice', 'checkout.session', 'customer'] as const;
const ref = z
	.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)])
	.nullish()
	.transform((value) => value ?? null);
const event = z.object({
	id: z.string().regex(/^evt_\w{1,200}$/),
	type: z.string().min(1).max(120),
	data: z.object({
		object: z.object({ id: z.string().max(255).nullish(), object: z.string(), customer: ref })
	})
});

/** Reads an event; null for one about something we keep nothing of. @throws z.ZodError, SyntaxError for a body that is no event */
export function readEvent(body: Buffer): Hint | null {
	const { id, type, data } = event.parse(JSON.parse(body.toString('utf8')));
	const objectKind = KINDS.find((kind) => kind === data.object.object);
	if (!objectKind || !data.object.id) return null;
	return {
		id,
		type,
		objectKind,
		objectId: data.object.id,
		customerId: objectKind === 'customer' ? data.object.id : data.object.customer
	};
}
