import { log } from '../../platform/log.ts';
import { allChannels } from '../registry.ts';

/** One round of reading the messages that wait at the channels; a channel that fails keeps no other from being heard. */
export async function listen(signal: AbortSignal): Promise<void> {
	await Promise.all(
		allChannels().map(async (channel) => {
			try {
				await channel.listen?.(signal);
			} catch (error) {
				if (!signal.aborted)
					log.warn({ err: error, channel: channel.name }, 'notifications could not be read');
			}
		})
	);
}
