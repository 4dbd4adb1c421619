/** How a channel is drawn: its name, letter and colours (CSS values of the theme in use). */
export type ChannelLook = { name: string; letter: string; fill: string; soft: string; text: string };

const known: Record<string, [name: string, letter: string]> = {
	amazon: ['Amazon', 'A'],
	shopify: ['Shopify', 'S'],
	walmart: ['Walmart', 'W']
};

/** The order in which channels are stacked and listed, everywhere. */
export const channelOrder = ['amazon', 'shopify', 'walmart'];

/** The look of a channel by its key; an unknown key is drawn in grey under its own name. */
export function channelLook(channel: string): ChannelLook {
	const [name, letter] = known[channel] ?? [channel, ([...channel][0] ?? '?').toUpperCase()];
	if (!known[channel])
		return { name, letter, fill: 'var(--bar)', soft: 'var(--surface-3)', text: 'var(--text-2)' };
	return {
		name,
		letter,
		fill: `var(--${channel})`,
		soft: `var(--${channel}-soft)`,
		text: `var(--${channel}-text)`
	};
}
