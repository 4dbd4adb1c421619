// SvelteKit's handler behind our own HTTP server: the right protocol on plain HTTP, ordered shutdown, room for upgrades.
import fs from 'node:fs';
import http from 'node:http';
import { enableCompileCache } from 'node:module';

enableCompileCache('node_modules/.cache/compile'); // a warm start compiles nothing anew; where it cannot be written nothing is kept
if (fs.existsSync('.env')) process.loadEnvFile('.env');
const trustProxy = ['on', '1', 'true'].includes(process.env.TRUST_PROXY ?? '');
process.env.PROTOCOL_HEADER ??= 'x-forwarded-proto';
process.env.BODY_SIZE_LIMIT ??= '8M';
if (trustProxy) {
	process.env.HOST_HEADER ??= 'x-forwarded-host';
	process.env.ADDRESS_HEADER ??= 'x-forwarded-for';
}
const port = Number(process.env.PORT || 3000);
const host = process.env.HOST || '0.0.0.0';

process.on('sveltekit:shutdown', () => {}); // hooks.server.ts ends the process after its own ordered stop
let handler;
try {
	({ handler } = await import('./build/handler.js'));
} catch (error) {
	fail(error);
}

const server = http.createServer((request, response) => {
	// without a proxy that we trust, nobody but us says which protocol this is
	if (!trustProxy) request.headers['x-forwarded-proto'] = 'http';
	if (request.url?.startsWith('/api/')) {
		withoutForms(request.headers);
		request.url = decodable(request.url);
	}
	handler(request, response, () => {
		response.statusCode = 404;
		response.end();
	});
});
server.keepAliveTimeout = 65_000;
// WebSockets: the app answers (src/lib/server/api/websocket.ts), here is only the door
server.on('upgrade', (request, socket, head) => {
	if (!process.emit('tidemark:upgrade', request, socket, head)) socket.destroy();
});
server.on('error', fail);
server.listen(port, host, () => {
	const { port: bound } = server.address();
	const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
	console.log(`Tidemark is running at http://${shown}:${bound}`);
	process.emit('tidemark:listening', bound);
});

/**
 * The API looks at tokens only, never at cookies, so that no other site can act through a browser. The framework's guard of forms would
 * refuse its writes without a body, and forms in words of its own: the API answers those with 415.
 */
function withoutForms(headers) {
	delete headers.cookie;
	if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
		headers['content-type'] = 'application/octet-stream';
}

/** An address whose path no one can decode, such as /orders/%ff: taken letter by letter, so that the API says that nothing is there. */
function decodable(url) {
	const [path, ...query] = url.split('?');
	try {
		decodeURI(path);
		return url;
	} catch {
		return [path.replaceAll('%', '%25'), ...query].join('?');
	}
}

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT']) {
	process.on(signal, () => {
		if (stopping) process.exit(1);
		stopping = true;
		process.emit('tidemark:draining'); // open event streams would hold the server up
		server.close(() => process.emit('sveltekit:shutdown', signal));
		server.closeIdleConnections();
		setTimeout(() => server.closeAllConnections(), Number(process.env.SHUTDOWN_TIMEOUT || 10) * 1000).unref();
	});
}

function fail(error) {
	console.error(`Tidemark did not start. ${listenProblem(error?.code) ?? error?.message ?? error}`);
	if (process.env.LOG_LEVEL === 'debug') console.error(error);
	process.exit(1);
}

/** What a refused address or port means, with the setting to change. */
function listenProblem(code) {
	if (code === 'EADDRINUSE') return `Port ${port} is taken. Set PORT to another one.`;
	if (code === 'EACCES') return `This user may not listen on port ${port}. Set PORT to one above 1023.`;
	if (['ENOTFOUND', 'EADDRNOTAVAIL', 'EAI_AGAIN'].includes(code))
		return `HOST ${host} is no address of this machine. Set HOST to one, or to 0.0.0.0 for all.`;
	return null;
}
