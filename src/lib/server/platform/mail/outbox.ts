import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { newId } from '../ids.ts';
import type { Mail } from '../mail.ts';
import { settings } from '../running.ts';

const KEPT = 200;
const schema = z.object({
	id: z.string(),
	at: z.string(),
	to: z.string(),
	subject: z.string(),
	text: z.string()
});

/** A mail that was written while no mail service is set. `at` is an ISO instant. */
export type KeptMail = z.output<typeof schema>;

const folder = () => path.join(settings().DATA_DIR, 'outbox');

/** Keeps a mail in DATA_DIR/outbox, readable by this user only; the last 200 stay. */
export async function keepInOutbox(mail: Mail): Promise<void> {
	await fs.mkdir(folder(), { recursive: true, mode: 0o700 });
	const kept: KeptMail = {
		id: newId(),
		at: new Date().toISOString(),
		to: mail.to,
		subject: mail.subject,
		text: mail.text
	};
	await fs.writeFile(path.join(folder(), `${kept.id}.json`), JSON.stringify(kept), { mode: 0o600 });
	const names = await namesByAge();
	await Promise.all(names.slice(KEPT).map((name) => fs.rm(path.join(folder(), name), { force: true })));
}

/** The kept mails, newest first. */
export async function keptMails(): Promise<KeptMail[]> {
	const mails = await Promise.all((await namesByAge()).slice(0, KEPT).map(readKept));
	return mails.filter((mail) => mail !== null);
}

/** Ids are in order of time, so names are too. */
async function namesByAge(): Promise<string[]> {
	const names = await fs.readdir(folder()).catch(() => []);
	return names
		.filter((name) => name.endsWith('.json'))
		.sort()
		.reverse();
}

async function readKept(name: string): Promise<KeptMail | null> {
	try {
		return schema.parse(JSON.parse(await fs.readFile(path.join(folder(), name), 'utf8')));
	} catch {
		return null; // half-written by a crash, or removed meanwhile
	}
}
