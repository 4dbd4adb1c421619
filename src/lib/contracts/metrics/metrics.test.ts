import { expect, test } from 'vitest';
import { METRICS } from './index.ts';

test('each figure is declared once, in words a person can read', () => {
	expect(new Set(METRICS.map((metric) => metric.id)).size).toBe(METRICS.length);
	expect(new Set(METRICS.map((metric) => metric.name)).size).toBe(METRICS.length);
	for (const metric of METRICS) {
		expect(metric.id).toMatch(/^[a-z]+(_[a-z0-9]+)*$/);
		expect(metric.definition, metric.id).toMatch(/^[A-Z].*\.$/s);
		expect(metric.formula.length, metric.id).toBeGreaterThan(3);
		expect(metric.source.length, metric.id).toBeGreaterThan(3);
		expect(new Set(metric.dimensions).size).toBe(metric.dimensions.length);
	}
});

test('what is not exact says on what it rests', () => {
	for (const metric of METRICS) if (!metric.exact) expect(metric.note, metric.id).toBeTruthy();
});
