/** Prints "N passed, N failed, N skipped" from vitest's JSON reports. Fails if a run has no test, or a failed one. Without Chromium, all tests of the browser are skipped. */
import { readFileSync } from 'node:fs';

const reports = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const sum = (count) => reports.reduce((total, report) => total + count(report), 0);
const failed = sum(({ numFailedTests }) => numFailedTests);
console.log(
  `${sum(({ numPassedTests }) => numPassedTests)} passed, ${failed} failed, ${sum(({ numPendingTests, numTodoTests }) => numPendingTests + numTodoTests)} skipped`,
);
process.exit(reports.length === 0 || failed > 0 || reports.some(({ numTotalTests }) => numTotalTests === 0) ? 1 : 0);
