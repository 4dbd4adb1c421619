import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { keptMails } from './mail/outbox.ts';
import { send, type Mail } from './mail.ts';
import { settings, useRunning } from './running.ts';

const servers: (http.Server | net.Server)[] = [];
const mail: Mail = {
	to: 'lou@example.com',
	subject: 'Grüße',
	text: 'Ein Wort\n\nhttps://x.example/y',
	html: '<p>Ein Wort</p>',
	unsubscribe: 'https://x.example/unsubscribe/t',
	idempotencyKey: 'key-1'
};
const use = (changed: Partial<ReturnType<typeof settings>>) =>
	useRunning({
		settings: { ...settings(), RESEND_API_KEY: undefined, SMTP_URL: undefined, ...changed },
		secretKey: 'a test key of more than thirty-two characters'
	});

afterEach(() => {
	for (const server of servers.splice(0)) server.close();
	use({});
});

async function listen(server: http.Server | net.Server): Promise<number> {
	servers.push(server);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return (server.address() as net.AddressInfo).port;
}

/** Answers with the given statuses in turn, the last one again and again. */
async function resend(...statuses: number[]) {
	const seen: { path: string; key: unknown; authorization: unknown; body: Record<string, unknown> }[] = [];
	const server = http.createServer((request, response) => {
		let body = '';
		request
			.on('data', (chunk) => (body += chunk))
			.on('end', () => {
				seen.push({
					path: request.url!,
					key: request.headers['idempotency-key'],
					authorization: request.headers.authorization,
					body: JSON.parse(body)
				});
				const status = statuses.length > 1 ? statuses.shift()! : statuses[0]!;
				const failure = {
					statusCode: status,
					name: status === 422 ? 'validation_error' : 'internal_server_error',
					message: 'no'
				};
				response
					.writeHead(status, { 'content-type': 'application/json' })
					.end(JSON.stringify(status === 200 ? { id: 'm1' } : failure));
			});
	});
	const port = await listen(server);
	use({
		RESEND_API_KEY: 're_test',
		RESEND_API_URL: `http://127.0.0.1:${port}`,
		MAIL_FROM: 'Tidemark <post@tidemark.example>'
	});
	return seen;
}

test('without a service mails are kept, newest first, at most 200', async () => {
	for (let number = 0; number < 203; number++) await send({ ...mail, subject: `Number ${number}` });
	const kept = await keptMails();
	expect(kept).toHaveLength(200);
	expect(kept[0]).toMatchObject({ to: 'lou@example.com', subject: 'Number 202', text: mail.text });
});

test('Resend gets the mail with its idempotency key, again after a passing failure, with the same key', async () => {
	const seen = await resend(500, 429, 200);
	await send(mail, [1, 1, 1]);
	expect(seen).toHaveLength(3);
	expect(new Set(seen.map(({ key }) => key))).toEqual(new Set(['key-1']));
	expect(seen[0]).toMatchObject({
		path: '/emails',
		authorization: 'Bearer re_test',
		body: {
			from: 'Tidemark <post@tidemark.example>',
			to: 'lou@example.com',
			subject: 'Grüße',
			text: mail.text,
			html: mail.html,
			headers: { 'List-Unsubscribe': '<https://x.example/unsubscribe/t>' }
		}
	});
});

test('what Resend refuses is not tried again', async () => {
	const seen = await resend(422);
	await expect(send(mail, [1, 1])).rejects.toThrow(/did not take the mail: validation_error/);
	expect(seen).toHaveLength(1);
});

test('a service that stays away fails after the last try', async () => {
	const seen = await resend(500);
	await expect(send(mail, [1, 1])).rejects.toThrow(/internal_server_error/);
	expect(seen).toHaveLength(3);
});

test('SMTP carries the mail; a name with line breaks cannot add headers', async () => {
	let data = '';
	const port = await listen(
		net.createServer((socket) => {
			let inData = false;
			socket.write('220 test\r\n');
			socket.on('data', (chunk) => {
				const text = chunk.toString();
				if (inData) {
					data += text;
					if (data.endsWith('\r\n.\r\n')) {
						inData = false;
						socket.write('250 kept\r\n');
					}
				} else if (/^DATA/i.test(text)) {
					inData = true;
					socket.write('354 go on\r\n');
				} else socket.write(/^QUIT/i.test(text) ? '221 bye\r\n' : '250 ok\r\n');
			});
			socket.on('error', () => {});
		})
	);
	use({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'Tidemark <post@tidemark.example>' });
	await send({ ...mail, subject: 'Plain\r\nBcc: thief@example.com' }, []);
	expect(data).toContain('To: lou@example.com');
	expect(data).toContain('Message-ID: <key-1@tidemark>');
	expect(data).toContain('List-Unsubscribe: <https://x.example/unsubscribe/t>');
	expect(data).not.toMatch(/^Bcc:/m);
});
