import fs from 'node:fs';
import { chromium, type Browser } from 'playwright';

const PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/usr/bin/google-chrome-stable',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
];

/** The installed Chromium: CHROMIUM_PATH, the usual places, or playwright's own; null when there is none. */
export function chromiumPath(): string | null {
	if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
	const found = PLACES.find((place) => fs.existsSync(place));
	if (found) return found;
	const own = chromium.executablePath();
	return own && fs.existsSync(own) ? own : null;
}

/** A headless browser that talks to nobody but us. @throws Error saying how to get one */
export async function launchBrowser(): Promise<Browser> {
	const executablePath = chromiumPath();
	if (!executablePath)
		throw new Error('No Chromium found. Install it (apt-get install chromium) or set CHROMIUM_PATH.');
	return chromium.launch({
		executablePath,
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync'
		]
	});
}
