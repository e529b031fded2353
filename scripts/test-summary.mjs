/**
 * Prints "N passed, N failed, N skipped" from vitest's JSON reports. Fails if a test failed, or a run has no passed test. What comes after
 * `--skippable` may also be skipped as a whole.
 */
import { readFileSync } from 'node:fs';

const files = process.argv.slice(2);
const skippableFrom = files.indexOf('--skippable');
const isSkippable = (index) => skippableFrom >= 0 && index > skippableFrom;
const runs = files.flatMap((file, index) =>
  file.startsWith('--') ? [] : [{ ...JSON.parse(readFileSync(file, 'utf8')), isSkippable: isSkippable(index) }],
);
const sum = (count) => runs.reduce((total, run) => total + count(run), 0);
const failed = sum(({ numFailedTests }) => numFailedTests);
const skippedIn = ({ numPendingTests, numTodoTests }) => numPendingTests + numTodoTests;
console.log(`${sum(({ numPassedTests }) => numPassedTests)} passed, ${failed} failed, ${sum(skippedIn)} skipped`);
const isVain = (run) => run.numPassedTests === 0 && !(run.isSkippable && skippedIn(run) > 0);
process.exit(runs.length === 0 || failed > 0 || runs.some(isVain) ? 1 : 0);
