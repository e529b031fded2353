import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const ROOT = fileURLToPath(new URL('.', import.meta.url));

/** Keeps what a function of a file's name returns: each project asks about every file. */
function once<T>(compute: (file: string) => T): (file: string) => T {
  const known = new Map<string, T>();
  return (file) => {
    const value = known.get(file) ?? compute(file);
    known.set(file, value);
    return value;
  };
}

/** What a test needs of the machine. A file belongs to the project of the most that it imports. */
type Project = 'unit' | 'alone' | 'large' | 'database' | 'process' | 'browser' | 'faults';

/** Begins the comment of a test that needs a process in which no other test has run. */
const ALONE = '// Beside no other:';

/** Begins the comment of a test whose inputs are large, which `npm run test:unit` leaves out to answer quickly. */
const LARGE = '// Large:';

/** A test that starts a program of ours, or a script. A tool that only computes something for it (openssl, bash) does not count. */
const STARTS = /\b(?:startProcess|createEvaluator|createEvaluatorPool|commandProcess|startEmbedded|adoptEmbedded)\b|\bprocess\.execPath\b/;

/** What starts servers for a test. */
const STARTERS = ['embedded.ts', 'redis.ts', 'servers.ts'].map((name) => join('test', 'support', name));
/** What starts a browser for a test. */
const BROWSER = join('test', 'support', 'chromium.ts');

const read = once((file) => readFileSync(join(ROOT, file), 'utf8'));
const importsOf = once((file) =>
  [...read(file).matchAll(/^(?:import|export|\}) .*from '(\.[^']+)';$/gm)]
    .map(([, path = '']) => join(dirname(file), path))
    .filter((imported) => imported.startsWith('test') && imported.endsWith('.ts')),
);
const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join('test', name));

/** All files under `test` that a file needs, itself among them. */
function neededBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const imported of importsOf(file)) neededBy(imported, seen);
  return seen;
}

const projectOf = once((file): Project => {
  if (file.startsWith(join('test', 'faults'))) return 'faults';
  const needed = neededBy(file);
  if (needed.has(BROWSER)) return 'browser';
  if (STARTS.test(read(file)) || STARTERS.some((one) => needed.has(one))) return 'process';
  if (needed.has(join('test', 'support', 'database.ts'))) return 'database';
  if (read(file).includes(ALONE)) return 'alone';
  return read(file).includes(LARGE) ? 'large' : 'unit';
});

const filesOf = (project: Project) => tests.filter((file) => projectOf(file) === project);
const globalSetup = ['test/support/global-setup.ts'];

/** Begins with the files that take the longest. One that began last would run alone at the end. */
class LongestWaitFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const order: readonly string[] = ['process', 'database', 'large', 'unit', 'alone'] satisfies readonly Project[];
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => order.indexOf(a.project.name) - order.indexOf(b.project.name));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestWaitFirst },
    setupFiles: ['test/support/property-seed.ts'],
    experimental: { fsModuleCache: true },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // While a test waits for a database or for what it has started, another one has its core.
    maxWorkers: 4,
    // Fewer collections of garbage in the workers: a tenth of the CPU of the unit tests.
    execArgv: ['--max-semi-space-size=64'],
    projects: [
      { extends: true, test: { name: 'process', include: filesOf('process'), globalSetup, isolate: false } },
      { extends: true, test: { name: 'database', include: filesOf('database'), globalSetup, isolate: false } },
      { extends: true, test: { name: 'large', include: filesOf('large'), isolate: false } },
      { extends: true, test: { name: 'unit', include: filesOf('unit'), isolate: false } },
      { extends: true, test: { name: 'alone', include: filesOf('alone') } },
      { extends: true, test: { name: 'browser', include: filesOf('browser'), globalSetup, maxWorkers: 2, sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: 'faults', include: filesOf('faults'), globalSetup, maxWorkers: 2, sequence: { groupOrder: 2 } } },
    ],
  },
});
