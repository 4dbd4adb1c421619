import { expect, test } from 'vitest';
import { copyOut } from './copy-out.ts';
import { asSystem } from './system.ts';

test('the connection goes on after a copy whose last bytes came in one piece with the end', async () => {
	for (const bytes of [10, 66_000, 70_000, 130_000, 300_000]) {
		const [copied, row] = await asSystem('operator: queues and health', async ({ sql }) => {
			const copied = await copyOut(sql, `select repeat('x', ${bytes}) union all select 'end'`);
			return [copied, (await sql`select 1 as one`)[0]];
		});
		expect(copied.length).toBe(bytes + 5);
		expect(row).toEqual({ one: 1 });
	}
});
