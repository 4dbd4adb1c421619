import { openEndpoint } from '../endpoint.ts';

const read = openEndpoint({
	method: 'GET',
	path: '/openapi.json',
	name: 'readDocument',
	tag: 'This document',
	summary: 'The API as OpenAPI 3.1',
	stream: {
		type: 'application/json',
		description: 'The document.',
		sample: '{"openapi":"3.1.1"}'
	},
	examples: [{ name: 'Read it' }],
	// the document is made of the registry, which holds this endpoint
	handle: async () => {
		const { openApi } = await import('../openapi.ts');
		return Response.json(openApi(), { headers: { 'cache-control': 'public, max-age=300' } });
	}
});

export const documentEndpoints = [read];
