import { expect, test } from 'vitest';
import { parseSettings, SettingsError } from './settings.ts';

test('an empty environment gives working defaults', () => {
	expect(parseSettings({})).toMatchObject({ PORT: 3000, HOST: '0.0.0.0', DEMO: true, JOBS: true });
});

test('an empty string counts as unset', () => {
	expect(parseSettings({ DATABASE_URL: '', PORT: '' })).toMatchObject({ PORT: 3000 });
});

test.each([
	['PORT', 'eighty'],
	['PORT', '70000'],
	['DATABASE_URL', 'mysql://localhost/x'],
	['CLICKHOUSE_URL', 'localhost:8123'],
	['REDIS_URL', 'http://localhost'],
	['SECRET_KEY', 'short'],
	['DEMO', 'maybe'],
	['LOG_LEVEL', 'loud'],
	['FX_API_URL', 'nonsense'],
	['DATABASE_POOL', 'many'],
	['IMPORT_MAX_MB', '0'],
	['SHOPIFY_API_VERSION', 'latest'],
	['RESEND_API_URL', 'ftp://example.com']
])('%s=%s is refused by name', (name, value) => {
	expect(() => parseSettings({ [name]: value })).toThrow(SettingsError);
	expect(() => parseSettings({ [name]: value })).toThrow(name);
});

test('what is wrong with a value is said in words of ours', () => {
	const settings = { FX_API_URL: 'x', DATABASE_POOL: 'x', DEMO_ORDERS_PER_MINUTE: '-1', LOG_LEVEL: 'x' };
	expect(() => parseSettings(settings)).not.toThrow(/Invalid|expected/);
	expect(parseSettings({ FX_API_URL: 'off' }).FX_API_URL).toBeNull();
	expect(parseSettings({ FX_API_URL: 'http://localhost:1/' }).FX_API_URL).toBe('http://localhost:1');
});

test('every wrong setting is named at once, and no value is repeated', () => {
	const failure = () => parseSettings({ PORT: 'x', SECRET_KEY: 'hunter2' });
	expect(failure).toThrow(/PORT[\s\S]*SECRET_KEY/);
	expect(failure).not.toThrow(/hunter2/);
});
