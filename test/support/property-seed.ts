import fc from 'fast-check';

/**
 * Property tests try the same cases in every run, so that a run fails only because of a change. `npm run test:search` tries others: what it
 * finds is mended, and added as a case of its own.
 */
const seed = process.env['PROPERTY_SEED'] ?? '20261201';
fc.configureGlobal(seed === 'random' ? {} : { seed: Number(seed) });
