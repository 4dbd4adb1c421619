import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLSchema } from 'graphql';

let built: GraphQLSchema | undefined;

/** The simulator's part of the Admin API; scalars pass through, the views print them as Shopify does. */
export function adminSchema(): GraphQLSchema {
	return (built ??= buildSchema(readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8')));
}
