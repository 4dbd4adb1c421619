import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { openOlap } from './olap.ts';

test('a ClickHouse server by URL gets TSV rows as they are', async () => {
	const seen: { query: string; body: string }[] = [];
	const server = http.createServer(async (request, response) => {
		let body = '';
		for await (const chunk of request) body += chunk;
		seen.push({ query: new URL(request.url!, 'http://x').searchParams.get('query') ?? '', body });
		response.end();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const olap = await openOlap({
		url: `http://127.0.0.1:${port}`,
		database: 'tidemark',
		dataDir: '/nonexistent'
	});
	await olap.insertTsv('ingest', 'sales_facts', ['a', 'b'], Buffer.from('1\t2\n3\t4\n'));
	await olap.close();
	server.close();
	expect(seen).toHaveLength(1);
	expect(seen[0]!.query).toMatch(/insert into tidemark\.sales_facts \(a, b\) format TabSeparated/i);
	expect(seen[0]!.body).toBe('1\t2\n3\t4\n');
});
