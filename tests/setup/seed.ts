import fc from 'fast-check';

// A red run should mean that something changed, so the property tests draw the same cases each time.
// `FUZZ_SEED=random npm test` looks for new ones; a failure prints its seed, which FUZZ_SEED takes.
const asked = process.env.FUZZ_SEED ?? '20260101';
const seed = asked === 'random' ? Math.trunc(Math.random() * 2 ** 31) : Number(asked);
if (!Number.isSafeInteger(seed)) throw new Error(`FUZZ_SEED is a whole number or "random", not "${asked}".`);
fc.configureGlobal({ seed });
