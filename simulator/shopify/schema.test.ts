import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import {
	buildClientSchema,
	isEnumType,
	isInputObjectType,
	isInterfaceType,
	isObjectType,
	isScalarType,
	isUnionType,
	parse,
	validate,
	type GraphQLArgument,
	type GraphQLNamedType,
	type GraphQLSchema,
	type IntrospectionQuery
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { COUNTRY_NAMES, countryCode } from '../replay/countries.ts';
import { COUNTRIES } from '../world/places.ts';
import { adminSchema } from './schema.ts';

const CHANNELS = new URL('../../../shared/channels/shopify/', import.meta.url);
const OFFICIAL = new URL('schema/admin_2026-07.json.gz', CHANNELS);

function officialSchema(): GraphQLSchema {
	const json: unknown = JSON.parse(gunzipSync(readFileSync(OFFICIAL)).toString());
	const data = (json as { data?: IntrospectionQuery }).data ?? (json as IntrospectionQuery);
	return buildClientSchema(data);
}

function argumentDifferences(
	path: string,
	ours: readonly GraphQLArgument[],
	theirs: readonly GraphQLArgument[]
) {
	const found: string[] = [];
	for (const argument of ours) {
		const official = theirs.find((candidate) => candidate.name === argument.name);
		if (!official) found.push(`${path}(${argument.name}) does not exist`);
		else if (String(official.type) !== String(argument.type)) {
			found.push(`${path}(${argument.name}): ${argument.type} is ${official.type}`);
		} else if (JSON.stringify(official.defaultValue) !== JSON.stringify(argument.defaultValue)) {
			found.push(`${path}(${argument.name}) has another default`);
		}
	}
	for (const official of theirs) {
		const required = String(official.type).endsWith('!') && official.defaultValue === undefined;
		if (required && !ours.some((argument) => argument.name === official.name)) {
			found.push(`${path}(${official.name}) is required but missing`);
		}
	}
	return found;
}

function differences(ours: GraphQLNamedType, theirs: GraphQLNamedType | undefined): string[] {
	if (!theirs) return [`${ours.name} does not exist`];
	if (ours.constructor.name !== theirs.constructor.name) return [`${ours.name} is of another kind`];
	if (isEnumType(ours) && isEnumType(theirs)) {
		const known = new Set(theirs.getValues().map((value) => value.name));
		return ours.getValues().flatMap((value) => (known.has(value.name) ? [] : [`${ours.name}.${value.name}`]));
	}
	if (isUnionType(ours) && isUnionType(theirs)) {
		const known = new Set(theirs.getTypes().map(String));
		return ours.getTypes().flatMap((type) => (known.has(type.name) ? [] : [`${ours.name} | ${type.name}`]));
	}
	const found: string[] = [];
	if ((isObjectType(ours) || isInterfaceType(ours)) && (isObjectType(theirs) || isInterfaceType(theirs))) {
		const known = new Set(theirs.getInterfaces().map(String));
		for (const one of ours.getInterfaces())
			if (!known.has(one.name)) found.push(`${ours.name} & ${one.name}`);
		for (const field of Object.values(ours.getFields())) {
			const official = theirs.getFields()[field.name];
			const path = `${ours.name}.${field.name}`;
			if (!official) found.push(`${path} does not exist`);
			else {
				if (official.deprecationReason) found.push(`${path} is deprecated`);
				if (String(official.type) !== String(field.type))
					found.push(`${path}: ${field.type} is ${official.type}`);
				found.push(...argumentDifferences(path, field.args, official.args));
			}
		}
	}
	if (isInputObjectType(ours) && isInputObjectType(theirs)) {
		for (const field of Object.values(ours.getFields())) {
			const official = theirs.getFields()[field.name];
			if (String(official?.type) !== String(field.type))
				found.push(`${ours.name}.${field.name}: ${field.type}`);
		}
	}
	return found;
}

describe.skipIf(!existsSync(OFFICIAL))('against the official schema of 2026-07 in ../shared', () => {
	it('has only official types, fields, arguments and nullability', () => {
		const official = officialSchema();
		const ours = Object.values(adminSchema().getTypeMap()).filter((type) => !type.name.startsWith('__'));
		expect(ours.length).toBeGreaterThan(100);
		expect(ours.flatMap((type) => differences(type, official.getType(type.name)))).toEqual([]);
		expect(ours.filter(isScalarType).length).toBeGreaterThan(5);
	});

	it('answers the published sync queries', () => {
		const folder = new URL('queries/', CHANNELS);
		for (const file of readdirSync(folder)) {
			const document = parse(readFileSync(new URL(file, folder), 'utf8'));
			expect(validate(adminSchema(), document).map((error) => `${file}: ${error.message}`)).toEqual([]);
		}
	});
});

it('knows every country code it uses', () => {
	const type = adminSchema().getType('CountryCode');
	const codes = new Set(isEnumType(type) ? type.getValues().map((value) => value.name) : []);
	const used = [...COUNTRY_NAMES.map(countryCode), ...COUNTRIES.map((country) => country.code)];
	for (const code of used) if (code !== null) expect(codes).toContain(code);
});
