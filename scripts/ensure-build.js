// Builds before the first start and after a change of the sources; a start without changes adds no build.
// Plain JavaScript: stripping types would cost every start 60 ms.
import { execSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const sources = ['src', 'jobs', 'static', 'vite.config.ts', 'package-lock.json'];
const built = path.resolve('build/index.js');

/** @param {string} entry @returns {number} */
function newest(entry) {
	const found = fs.statSync(entry, { throwIfNoEntry: false });
	if (!found) return 0;
	if (!found.isDirectory()) return found.mtimeMs;
	return Math.max(0, ...fs.readdirSync(entry).map((name) => newest(path.join(entry, name))));
}

const sourceTime = Math.max(...sources.map(newest));
if ((fs.statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0) < sourceTime) {
	console.log('Building Tidemark (about 20 s, only after a change) ...');
	execSync('npx vite build --logLevel warn', { stdio: 'inherit' });
}
