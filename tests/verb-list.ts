import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** A public verb: a domain's exported function whose first parameter is a `Ctx`, that acts in somebody's name. */
export interface VerbName {
	domain: string;
	name: string;
}

/** Reads the verbs out of every domain's index.ts and the files behind it, so that a new one cannot be forgotten. */
export function verbList(root = path.resolve('src/lib/server')): VerbName[] {
	const domains = fs
		.readdirSync(root)
		.filter((name) => name !== 'platform' && fs.existsSync(path.join(root, name, 'index.ts')));
	return domains.flatMap((domain) => {
		const index = path.join(root, domain, 'index.ts');
		return parse(index).statements.flatMap((statement) => {
			if (
				!ts.isExportDeclaration(statement) ||
				statement.isTypeOnly ||
				!statement.exportClause ||
				!ts.isNamedExports(statement.exportClause)
			)
				return [];
			const from = (statement.moduleSpecifier as ts.StringLiteral | undefined)?.text;
			if (!from)
				throw new Error(
					`${index}: export verbs from their own files, so that the test of tenancy can read them.`
				);
			const file = path.join(root, domain, from);
			return statement.exportClause.elements
				.filter(
					(element) => !element.isTypeOnly && takesCtx(file, (element.propertyName ?? element.name).text)
				)
				.map((element) => ({ domain, name: element.name.text }));
		});
	});
}

function takesCtx(file: string, name: string): boolean {
	for (const statement of parse(file).statements) {
		if (ts.isFunctionDeclaration(statement) && statement.name?.text === name)
			return isCtx(statement.parameters[0]);
		if (!ts.isVariableStatement(statement)) continue;
		const value = statement.declarationList.declarations.find(
			(one) => one.name.getText() === name
		)?.initializer;
		if (value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)))
			return isCtx(value.parameters[0]);
	}
	return false;
}

function isCtx(parameter: ts.ParameterDeclaration | undefined): boolean {
	return /^Ctx\b/.test(parameter?.type?.getText() ?? '');
}

function parse(file: string): ts.SourceFile {
	return ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}
