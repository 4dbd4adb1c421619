/** The channels, in the order in which they are stacked in charts. */
export const CHANNELS = ['amazon', 'shopify', 'walmart'] as const;
export type Channel = (typeof CHANNELS)[number];

export const CHANNEL_NAMES: Record<Channel, string> = {
	amazon: 'Amazon',
	shopify: 'Shopify',
	walmart: 'Walmart'
};
