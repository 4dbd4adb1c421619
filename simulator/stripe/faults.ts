/** What each fault does at Stripe; the letters are those of channels/faults.json. */
export const STRIPE_FAULTS: Readonly<Record<string, string>> = {
	F35: 'Stripe: events come in the wrong order: invoice paid, subscription updated, created, checkout last',
	F36: 'Stripe: each event comes three times more with a new signature, and once with one ten minutes old'
};
