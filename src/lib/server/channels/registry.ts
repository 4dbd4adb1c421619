import type { Channel as ChannelName } from '#lib/contracts/channels.ts';
import type { Channel } from './channel.ts';
import { amazonChannel } from './amazon/channel.ts';
import { shopifyChannel } from './shopify/channel.ts';
import { walmartChannel } from './walmart/channel.ts';

/** Every channel there is. A new one is a line here. */
const CHANNELS: Partial<Record<ChannelName, Channel>> = {
	shopify: shopifyChannel,
	amazon: amazonChannel,
	walmart: walmartChannel
};

/** @throws Error for a channel that this version does not have */
export function channelOf(name: ChannelName): Channel {
	const channel = CHANNELS[name];
	if (!channel) throw new Error(`There is no channel ${name}.`);
	return channel;
}

/** All of them. */
export function allChannels(): Channel[] {
	return Object.values(CHANNELS);
}
