import { rateLimit, type RateLimit } from '../platform/rate-limit.ts';
import { settings } from '../platform/running.ts';

const SECONDS = 60;
let ofMember: RateLimit | undefined;

/** Requests of one member to one organization's API, a minute: API_REQUESTS_PER_MINUTE. */
export function memberLimit(): RateLimit {
	return (ofMember ??= rateLimit({
		name: 'api-member',
		tries: settings().API_REQUESTS_PER_MINUTE,
		seconds: SECONDS
	}));
}

/** Requests without a token, by address; sign-ins have tighter limits of their own. */
const ofAddress = rateLimit({ name: 'api-address', tries: 120, seconds: SECONDS });

/** Requests without a valid token. */
export function addressLimit(): RateLimit {
	return ofAddress;
}
