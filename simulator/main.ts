import { HELP, OptionError, parseOptions, type Options } from './options.ts';
import { createServer } from './server.ts';
import { createSimulator } from './simulator.ts';
import { walmartCredentials } from './walmart/mount.ts';

function readOptions(): Options {
	try {
		const options = parseOptions(process.argv.slice(2));
		if (options) return options;
		process.stdout.write(HELP);
		process.exit(0);
	} catch (error) {
		if (!(error instanceof OptionError)) throw error;
		process.stderr.write(`simulator: ${error.message}\nTry: npm run simulator -- --help\n`);
		process.exit(2);
	}
}

const options = readOptions();
const simulator = await createSimulator(options).catch((error: unknown) => {
	process.stderr.write(`simulator: ${(error as Error).message}\n`);
	process.exit(1);
});
// However the process ends, its bulk files (up to hundreds of megabytes) go with it.
process.on('exit', () => simulator.stop());
const server = createServer(simulator);

server.on('error', (error: NodeJS.ErrnoException) => {
	const taken =
		error.code === 'EADDRINUSE' ? `port ${options.port} is taken; choose another with --port` : error.message;
	process.stderr.write(`simulator: ${taken}\n`);
	process.exit(1);
});

server.listen(options.port, options.host, () => {
	const address = server.address();
	const port = typeof address === 'object' && address ? address.port : options.port;
	const host = options.host.includes(':') ? `[${options.host}]` : options.host;
	simulator.baseUrl = `http://${host}:${port}`;
	const { app, tenants } = simulator;
	const first = tenants[0]!;
	process.stdout.write(
		`Shopify simulator at ${simulator.baseUrl}  shop ${first.shop.domain}  client id ${app.clientId}  client secret ${app.clientSecret}  access token ${first.legacyToken}  webhook secret ${app.clientSecret}\n`
	);
	const ready = {
		event: 'ready',
		url: simulator.baseUrl,
		shop: first.shop.domain,
		clientId: app.clientId,
		clientSecret: app.clientSecret,
		accessToken: first.legacyToken,
		webhookSecret: app.clientSecret,
		promotions: first.shop.promotions.map(({ from, until, discount }) => ({
			from,
			until,
			title: discount.title
		})),
		...(simulator.amazon && { amazon: simulator.amazon.ready() }),
		...(options.markets.has('walmart') && { walmart: walmartCredentials(simulator) }),
		stripe: {
			apiUrl: `${simulator.baseUrl}/stripe`,
			secretKey: simulator.stripe.secretKey,
			webhookSecret: simulator.stripe.webhookSecret
		},
		shops: tenants.map((tenant) => ({ shop: tenant.shop.domain, accessToken: tenant.legacyToken }))
	};
	process.stdout.write(`${JSON.stringify(ready)}\n`);
	simulator.start();
});

let ending = false;
function end(): void {
	if (ending) return;
	ending = true;
	simulator.stop();
	server.close(() => process.exit(0));
	server.closeAllConnections();
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
if (options.parent) {
	process.stdin.resume();
	process.stdin.on('end', end);
	process.stdin.on('close', end);
}
