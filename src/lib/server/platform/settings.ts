import path from 'node:path';
import { z } from 'zod';
import { LOG_LEVELS } from './log.ts';

const isUrl = (value: string, protocols: string[]) =>
	URL.canParse(value) && protocols.includes(new URL(value).protocol);
const url = (protocols: string[]) =>
	z.string().refine((value) => isUrl(value, protocols), {
		error: `must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`
	});
const service = (fallback: string) =>
	url(['https:', 'http:'])
		.default(fallback)
		.transform((v) => v.replace(/\/+$/, ''));
const address = () =>
	url(['https:', 'http:'])
		.transform((v) => v.replace(/\/+$/, ''))
		.optional();
const whole = (min: number, max: number, fallback: number) =>
	z.coerce
		.number({ error: `must be a whole number from ${min} to ${max}` })
		.int()
		.min(min)
		.max(max)
		.default(fallback);
const flag = (fallback: 'on' | 'off') =>
	z
		.enum(['on', 'off', '1', '0', 'true', 'false'], { error: 'must be on or off' })
		.default(fallback)
		.transform((v) => ['on', '1', 'true'].includes(v));

const schema = z.object({
	NODE_ENV: z.string().default('production'),
	HOST: z.string().default('0.0.0.0'),
	PORT: z.coerce
		.number({ error: 'must be a port number, such as 3000' })
		.int()
		.min(0)
		.max(65535)
		.default(3000),
	ORIGIN: url(['http:', 'https:']).optional(),
	TRUST_PROXY: flag('off'),
	DATA_DIR: z
		.string()
		.default('.data')
		.transform((dir) => path.resolve(dir)),
	DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
	DATABASE_POOL: whole(2, 200, 10),
	CLICKHOUSE_URL: url(['http:', 'https:']).optional(),
	CLICKHOUSE_DATABASE: z
		.string()
		.regex(/^[a-z][a-z0-9_]{0,40}$/, { error: 'must be lower-case letters, digits and _' })
		.default('tidemark'),
	REDIS_URL: url(['redis:', 'rediss:']).optional(),
	SECRET_KEY: z
		.string()
		.min(32, { error: 'must be at least 32 characters of randomness; `openssl rand -base64 48` makes one' })
		.optional(),
	LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
	JOBS: flag('on'),
	DEMO: flag('on'),
	DEMO_ORDERS_PER_MINUTE: z.coerce
		.number({ error: 'must be a number from 0 to 600' })
		.min(0)
		.max(600)
		.default(12),
	SIGN_UP: flag('on'),
	API_REQUESTS_PER_MINUTE: whole(1, 1_000_000, 600),
	STREAMS_PER_MEMBER: whole(1, 1_000_000, 10_000),
	STREAMS_PER_ORGANIZATION: whole(1, 1_000_000, 20_000),
	METRICS_TOKEN: z.string().min(16, { error: 'must be at least 16 characters' }).optional(),
	IMPORT_MAX_MB: whole(1, 20_000, 1024),
	SHUTDOWN_TIMEOUT: whole(1, 120, 10),
	FX_API_URL: z
		.string()
		.default('https://www.ecb.europa.eu/stats/eurofxref')
		.refine((value) => value === 'off' || isUrl(value, ['https:', 'http:']), {
			error: 'must be off, or a URL that starts with https:// or http://'
		})
		.transform((value) => (value === 'off' ? null : value.replace(/\/+$/, ''))),
	MAIL_FROM: z.string().default('Tidemark <tidemark@localhost>'),
	RESEND_API_KEY: z.string().optional(),
	RESEND_API_URL: service('https://api.resend.com'),
	SMTP_URL: url(['smtp:', 'smtps:']).optional(),
	STRIPE_API_URL: service('https://api.stripe.com'),
	STRIPE_SECRET_KEY: z.string().optional(),
	STRIPE_WEBHOOK_SECRET: z
		.string()
		.default('')
		.transform((list) =>
			list
				.split(',')
				.map((one) => one.trim())
				.filter(Boolean)
		),
	WALMART_API_URL: service('https://marketplace.walmartapis.com'),
	SHOPIFY_API_URL: url(['https:', 'http:']).optional(),
	SHOPIFY_API_VERSION: z
		.string()
		.regex(/^\d{4}-\d{2}$/, { error: 'must look like 2026-07' })
		.default('2026-07'),
	SHOPIFY_CLIENT_ID: z.string().optional(),
	SHOPIFY_CLIENT_SECRET: z.string().optional(),
	AMAZON_API_URL: address(),
	AMAZON_LWA_URL: address(),
	AMAZON_SQS_URL: address(),
	AMAZON_SQS_ACCESS_KEY_ID: z.string().optional(),
	AMAZON_SQS_SECRET_ACCESS_KEY: z.string().optional()
});

/** The operator's settings, parsed once. Paths are absolute, URLs have no trailing slash. */
export type Settings = z.output<typeof schema>;

/** Thrown for settings that cannot be used; the message names every wrong one. Values are not repeated: they may be secrets. */
export class SettingsError extends Error {
	override name = 'SettingsError';
}

/**
 * Parses the environment. Empty strings count as unset, as compose files and shells leave them.
 * @throws SettingsError naming each wrong setting and the fix
 */
export function parseSettings(env: Record<string, string | undefined>): Settings {
	const given = Object.fromEntries(
		Object.entries(env).filter(([, value]) => value !== undefined && value !== '')
	);
	const result = schema.safeParse(given);
	if (result.success) return result.data;
	const problems = result.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`);
	throw new SettingsError(`Some settings cannot be used (see .env.example):\n${problems.join('\n')}`);
}
