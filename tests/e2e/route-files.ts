import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** What one folder of src/routes answers to. */
export interface RouteFiles {
	/** The route's id without groups: '/[org]/orders/[id]'. */
	id: string;
	/** It has a page: GET of HTML, and of its data. */
	page: boolean;
	/** Methods of its +server.ts. */
	methods: string[];
	/** Names of its form actions. */
	actions: string[];
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'fallback']);

/** Reads the routes out of the file tree and the sources, so that a new one cannot be forgotten. */
export function routeFiles(root = path.resolve('src/routes')): RouteFiles[] {
	const found = new Map<string, RouteFiles>();
	for (const file of fs.readdirSync(root, { recursive: true, encoding: 'utf8' })) {
		const name = path.basename(file);
		if (!/^\+(page|server)/.test(name)) continue;
		const folders = path
			.dirname(file)
			.split(path.sep)
			.filter((part) => part !== '.' && !/^\(.*\)$/.test(part));
		const id = `/${folders.join('/')}`;
		const route = found.get(id) ?? { id, page: false, methods: [], actions: [] };
		found.set(id, route);
		if (/^\+page(@.*)?\.svelte$/.test(name)) route.page = true;
		if (name === '+server.ts')
			route.methods.push(...exportedNames(path.join(root, file)).filter((exported) => METHODS.has(exported)));
		if (name === '+page.server.ts') route.actions.push(...actionNames(path.join(root, file)));
	}
	return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function parse(file: string): ts.SourceFile {
	return ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}

function isExported(statement: ts.Statement): boolean {
	return (
		ts.canHaveModifiers(statement) &&
		(ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
	);
}

function exportedNames(file: string): string[] {
	return parse(file).statements.flatMap((statement) => {
		if (
			ts.isExportDeclaration(statement) &&
			statement.exportClause &&
			ts.isNamedExports(statement.exportClause)
		) {
			return statement.exportClause.elements.map((element) => element.name.text);
		}
		if (!isExported(statement)) return [];
		if (ts.isFunctionDeclaration(statement)) return statement.name ? [statement.name.text] : [];
		if (ts.isVariableStatement(statement))
			return statement.declarationList.declarations.map((one) => one.name.getText());
		return [];
	});
}

/** @throws Error when the actions are written in a way this cannot read: they must not go untested */
function actionNames(file: string): string[] {
	for (const statement of parse(file).statements) {
		if (!ts.isVariableStatement(statement) || !isExported(statement)) continue;
		const actions = statement.declarationList.declarations.find((one) => one.name.getText() === 'actions');
		if (!actions?.initializer) continue;
		const object = unwrap(actions.initializer);
		if (!ts.isObjectLiteralExpression(object))
			throw new Error(`${file}: write the actions as an object, so that the test of routes can read them.`);
		return object.properties.map((property) => {
			if (!property.name) throw new Error(`${file}: an action without a name of its own cannot be tested.`);
			return property.name.getText().replace(/['"]/g, '');
		});
	}
	return [];
}

function unwrap(expression: ts.Expression): ts.Expression {
	return ts.isSatisfiesExpression(expression) ||
		ts.isAsExpression(expression) ||
		ts.isParenthesizedExpression(expression)
		? unwrap(expression.expression)
		: expression;
}
