import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** The tests that start the app as people do need a build; it is made once, when a source is newer. */
export default function setup(): void {
	const root = path.resolve(import.meta.dirname, '../..');
	execFileSync(process.execPath, ['scripts/ensure-build.js'], { cwd: root, stdio: 'inherit' });
}
