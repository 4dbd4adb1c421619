import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LiveEvent } from '#lib/contracts/live.ts';
import { shareStream, type SharedStream } from './shared.ts';
import type { LiveState } from './source.ts';

/** The browser's EventSource, driven by the test. */
class FakeSource {
	static all: FakeSource[] = [];
	static get last() {
		return FakeSource.all.at(-1)!;
	}
	readonly CLOSED = 2;
	readyState = 0;
	onopen: (() => void) | null = null;
	onmessage: ((message: { data: string }) => void) | null = null;
	onerror: (() => void) | null = null;
	listeners = new Map<string, (message: { data: string }) => void>();
	url: string;
	constructor(url: string) {
		this.url = url;
		FakeSource.all.push(this);
	}
	addEventListener(name: string, listener: (message: { data: string }) => void) {
		this.listeners.set(name, listener);
	}
	close() {
		this.readyState = 2;
	}
	event(position: number) {
		this.onmessage?.({ data: JSON.stringify(event(position)) });
	}
	say(name: string, data: object) {
		this.listeners.get(name)?.({ data: JSON.stringify(data) });
	}
	refuse() {
		this.readyState = 2;
		this.onerror?.();
	}
}
const Source = FakeSource as unknown as typeof EventSource;

const event = (position: number): LiveEvent => ({
	kind: 'rates',
	position,
	at: `2026-11-19T22:00:${String(position % 60).padStart(2, '0')}Z`,
	dimensions: { channel: null, categories: [], locations: [], country: null }
});

const tabs: SharedStream[] = [];
let key = 0;
function openTab(from: number) {
	const stream = shareStream(String(key), (position) => `/stream?from=${position}`, from, Source);
	tabs.push(stream);
	return { stream, page: join(stream, from) };
}
function join(stream: SharedStream, from: number) {
	const seen = {
		positions: [] as number[],
		resets: [] as number[],
		polls: 0,
		states: [] as LiveState[],
		beats: [] as number[]
	};
	const leave = stream.join(from, {
		onevent: ({ position }) => seen.positions.push(position),
		onreset: (position) => seen.resets.push(position),
		onbeat: (position) => seen.beats.push(position),
		onstate: (state) => seen.states.push(state),
		onpoll: () => seen.polls++
	});
	return { ...seen, seen, leave };
}

beforeEach(() => {
	key++;
	FakeSource.all = [];
	vi.stubGlobal('addEventListener', () => {});
	vi.stubGlobal('removeEventListener', () => {});
});
afterEach(() => {
	tabs.splice(0).forEach((tab) => tab.close());
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

test('tabs share one stream; a later tab continues from the position it was rendered at', async () => {
	const first = openTab(10);
	await vi.waitFor(() => expect(FakeSource.all).toHaveLength(1));
	expect(FakeSource.last.url).toBe('/stream?from=10');
	[11, 12, 13].forEach((position) => FakeSource.last.event(position));
	const second = openTab(11);
	await vi.waitFor(() => expect(second.page.positions).toEqual([12, 13]));
	FakeSource.last.event(14);
	await vi.waitFor(() => expect(second.page.positions).toEqual([12, 13, 14]));
	expect(first.page.positions).toEqual([11, 12, 13, 14]);
	expect(FakeSource.all).toHaveLength(1);
});

test('when the leading tab closes, the next one goes on from its own position', async () => {
	const first = openTab(0);
	await vi.waitFor(() => expect(FakeSource.all).toHaveLength(1));
	FakeSource.last.event(1);
	const second = openTab(0);
	await vi.waitFor(() => expect(second.page.positions).toEqual([1]));
	first.stream.close();
	await vi.waitFor(() => expect(FakeSource.all).toHaveLength(2));
	expect(FakeSource.last.url).toBe('/stream?from=1');
	FakeSource.last.event(2);
	expect(second.page.positions).toEqual([1, 2]);
});

test('a tab rendered before what is kept asks again for its data', async () => {
	openTab(10);
	await vi.waitFor(() => expect(FakeSource.all).toHaveLength(1));
	FakeSource.last.event(11);
	const second = openTab(5);
	await vi.waitFor(() => expect(second.page.resets).toEqual([11]));
	FakeSource.last.event(12);
	await vi.waitFor(() => expect(second.page.positions).toEqual([12]));
});

test('the next page of a tab joins without a gap', async () => {
	const { stream } = openTab(0);
	await vi.waitFor(() => expect(FakeSource.all).toHaveLength(1));
	[1, 2, 3].forEach((position) => FakeSource.last.event(position));
	expect(join(stream, 1).positions).toEqual([2, 3]);
});

test('a reset reaches all tabs', async () => {
	const first = openTab(0);
	await vi.waitFor(() => expect(FakeSource.all).toHaveLength(1));
	const second = openTab(0);
	FakeSource.last.event(1);
	await vi.waitFor(() => expect(second.page.positions).toEqual([1]));
	FakeSource.last.say('reset', { position: 5000 });
	expect(first.page.resets).toEqual([5000]);
	await vi.waitFor(() => expect(second.page.resets).toEqual([5000]));
});

test('a blocked stream becomes a poll each 30 s, and live again with the first sign of life', async () => {
	vi.useFakeTimers();
	vi.stubGlobal('BroadcastChannel', undefined); // as over plain HTTP: each tab has its own
	const { page } = openTab(7);
	FakeSource.last.say('beat', { position: 7, at: '2026-11-19T22:00:00Z' });
	for (let tries = 0; tries < 3; tries++) {
		FakeSource.last.refuse();
		vi.advanceTimersByTime(11_000);
	}
	expect(page.states.at(-1)).toBe('late');
	const polled = page.seen.polls;
	vi.advanceTimersByTime(60_000);
	expect(page.seen.polls).toBe(polled + 2);
	FakeSource.last.say('beat', { position: 9, at: '2026-11-19T22:05:00Z' });
	expect(page.states.at(-1)).toBe('live');
	expect(page.beats.at(-1)).toBe(9);
});

test('silence of 40 s opens a new connection from the last position', () => {
	vi.useFakeTimers();
	vi.stubGlobal('BroadcastChannel', undefined);
	openTab(0);
	FakeSource.last.event(4);
	vi.advanceTimersByTime(50_000);
	expect(FakeSource.all.length).toBeGreaterThan(1);
	expect(FakeSource.last.url).toBe('/stream?from=4');
});
