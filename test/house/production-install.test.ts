import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { dataFolder, startProcess } from '../support/app.ts';
import { commandProcess } from '../support/cli.ts';

// It copies an installation and starts it, which takes long on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MOST_MB = 300;
const ONE_MB = 1024 * 1024;

/** `dev` means that `--omit=dev` leaves it out. What development and an optional peer both need is `devOptional`, and stays. */
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ dev: z.boolean().default(false), optional: z.boolean().default(false), devOptional: z.boolean().default(false) }),
  ),
});
const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));
const production = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
const nameAt = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** What `npm ci --omit=dev` installs on this machine, with the build: what the last stage of the Dockerfile copies. */
let install: string;

beforeAll(() => {
  install = mkdtempSync(join(tmpdir(), 'creditwatch-install-'));
  for (const [path, { optional, devOptional }] of production) {
    if (!(optional || devOptional) || existsSync(join(ROOT, path))) linkTree(path, ['node_modules']);
  }
  linkTree('dist', ['bench', 'tools']);
  linkTree('prisma/migrations', []);
  copyFileSync(join(ROOT, 'package.json'), join(install, 'package.json'));
});
afterAll(() => rmSync(install, { recursive: true, force: true }));

/** Puts a folder into the install, without some of the folders in it. */
function linkTree(path: string, without: readonly string[]): void {
  mkdirSync(join(install, path), { recursive: true });
  for (const entry of readdirSync(join(ROOT, path), { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) {
      if (!without.includes(entry.name) || inner === join('dist', 'node_modules')) linkTree(inner, path === 'dist' ? [] : without);
    } else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(join(ROOT, inner)), join(install, inner));
    else link(inner);
  }
}

/** A link costs no space. Another file system gets a copy. */
function link(path: string): void {
  try {
    linkSync(join(ROOT, path), join(install, path));
  } catch {
    copyFileSync(join(ROOT, path), join(install, path));
  }
}

/** The disk space of a folder in bytes, as `du` counts it: in blocks, folders among them. */
function used(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isDirectory() ? used(join(folder, entry.name)) : lstatSync(join(folder, entry.name)).blocks * 512),
    lstatSync(folder).blocks * 512,
  );
}

describe('a production install', () => {
  test(`takes less than ${String(MOST_MB)} MB`, () => {
    expect(used(join(install, 'node_modules')) / ONE_MB).toBeLessThan(MOST_MB);
  });

  test('has no build tools, no command line of Prisma, and nothing of a browser', () => {
    const names = production.map(([path]) => nameAt(path));
    expect(names.length).toBeGreaterThan(100);
    const left =
      /^(?:prisma|@prisma\/(?!adapter-pg|driver-adapter-utils|debug).*|typescript|effect|vitest|react|react-dom|@electric-sql\/.*)$/;
    expect(names.filter((name) => left.test(name))).toEqual([]);
  });

  test('has every package that the build imports', () => {
    const folder = join(install, 'dist');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.m?js$/.test(file));
    const imported = files
      .filter((file) => !file.startsWith('node_modules'))
      .flatMap((file) => [
        ...readFileSync(join(folder, file), 'utf8').matchAll(
          /^(?:import|export|\}).* from ['"]([^'"]+)['"];$|import\(['"]([^'"]+)['"]\)/gm,
        ),
      ])
      .map(([, static_, dynamic]) => static_ ?? dynamic ?? '')
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:') && !builtinModules.includes(name))
      .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
    expect(imported).toContain('@prisma/client');
    const places = [join(folder, 'node_modules'), join(install, 'node_modules')];
    expect([...new Set(imported)].filter((name) => !places.some((place) => existsSync(join(place, name))))).toEqual([]);
  });

  test('starts with its own PostgreSQL, takes readings, answers, and makes a backup', async () => {
    const dataDir = dataFolder();
    const main = join(install, 'dist', 'main.js');
    const app = await startProcess({ dataDir }, main);
    expect((await app.push({ source: 'acme', readings: [{ meter: 'leads', used: 900, total: 1000 }] })).status).toBe(202);
    const cli = commandProcess({ dataDir }, main);
    for (const args of [['usage', 'leads'], ['doctor'], ['backup', 'all.backup']]) {
      const { code, err } = await cli.run(args);
      expect([args, code, err]).toEqual([args, 0, '']);
    }
    expect(await app.stop()).toBe(0);
    expect((await cli.run(['migrate'])).code).toBe(0);
  });
});

test('its folders are those that the image copies', () => {
  const copied = [...readFileSync(join(ROOT, 'Dockerfile'), 'utf8').matchAll(/^COPY --from=build \/build\/(\S+) (\S+)$/gm)];
  expect(copied.map(([, from, to]) => [from, to])).toEqual(['node_modules', 'dist', 'prisma/migrations'].map((one) => [one, one]));
  expect(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')).toMatch(/^RUN .*&& npm prune --omit=dev .*--ignore-scripts$/m);
});
