/** Prints "N passed, N failed, N skipped" from vitest's JSON report; fails when nothing ran. */
import { readFileSync } from 'node:fs';

const [file = ''] = process.argv.slice(2);
const {
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: pending,
  numTodoTests: todo,
} = JSON.parse(readFileSync(file, 'utf8'));
console.log(`${passed} passed, ${failed} failed, ${pending + todo} skipped`);
process.exit(passed === 0 || failed > 0 ? 1 : 0);
