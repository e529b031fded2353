import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DEPCRUISE = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

const reportSchema = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string(), severity: z.string() }) })),
  }),
});

/** Runs `npm run check:boundaries` over `folder/src`, with the rules of this repository. */
function cruise(folder: string): Promise<z.infer<typeof reportSchema>> {
  return new Promise((resolve, reject) => {
    const args = [DEPCRUISE, '--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json', 'src'];
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 26 }, (_violated, stdout, stderr) => {
      if (stdout === '') reject(new Error(stderr));
      else resolve(reportSchema.parse(JSON.parse(stdout)));
    });
  });
}

/** The check parses all files, which takes time on a busy machine. */
const WITHIN = { timeout: 120_000 };

test('the boundary check reads every file and reports no violation', WITHIN, async () => {
  const { modules, summary } = await cruise(ROOT);
  const looked = new Set(modules.map(({ source }) => source));
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith(join('postgres', 'generated')),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(files.map((file) => `src/${file.replaceAll('\\', '/')}`).filter((file) => !looked.has(file))).toEqual([]);
  expect(summary.violations).toEqual([]);
});

/** A file that imports another, and the rule that forbids it. */
const WRONG = [
  ['src/core/text/imports-adapter.ts', 'src/slack/views/message.ts', 'core-imports-core-only'],
  ['src/core/rules/imports-words.ts', 'src/messages/alerts/alert.ts', 'core-imports-core-only'],
  ['src/core/time/imports-text.ts', 'src/core/text/rich-text.ts', 'core-imports-downwards:time'],
  ['src/core/text/imports-meters.ts', 'src/core/meters/meter.ts', 'core-imports-downwards:text'],
  ['src/core/meters/imports-rules.ts', 'src/core/rules/rule.ts', 'core-imports-downwards:meters'],
  ['src/core/rules/imports-vendors.ts', 'src/core/vendors/vendor.ts', 'core-imports-downwards:rules'],
  ['src/core/vendors/imports-alerts.ts', 'src/core/alerts/alert.ts', 'core-imports-downwards:vendors'],
  ['src/core/alerts/imports-notifications.ts', 'src/core/notifications/route.ts', 'core-imports-downwards:alerts'],
  ['src/core/notifications/imports-audit.ts', 'src/core/audit/audit.ts', 'core-imports-downwards:notifications'],
  ['src/core/audit/imports-status.ts', 'src/core/status/overview.ts', 'core-imports-downwards:audit'],
  ['src/core/status/imports-check.ts', 'src/core/check/check.ts', 'core-imports-downwards:status'],
  ['src/core/imports-folder.ts', 'src/core/time/period.ts', 'core-imports-downwards:root'],
  ['src/core/more/imports-result.ts', 'src/core/result.ts', 'core-has-no-other-folders'],
  ['src/messages/imports-port.ts', 'src/ports/clock.ts', 'messages-import-core'],
  ['src/messages/text/imports-message.ts', 'src/messages/alerts/alert.ts', 'text-of-messages-imports-no-message'],
  ['src/commands/imports-store.ts', 'src/ports/stores/read-store.ts', 'commands-ask-queries'],
  ['src/queries/imports-words.ts', 'src/messages/alerts/alert.ts', 'queries-import-core-and-ports'],
  ['src/postgres/imports-words.ts', 'src/messages/alerts/alert.ts', 'adapters-never-import-each-other:postgres'],
  ['src/queue/imports-words.ts', 'src/messages/alerts/alert.ts', 'adapters-never-import-each-other:queue'],
  ['src/core/imports-port.ts', 'src/ports/clock.ts', 'core-imports-core-only'],
  ['src/core/imports-disk.ts', 'node:fs', 'core-imports-core-only'],
  ['src/ports/imports-pipeline.ts', 'src/pipeline/schedule/sweep.ts', 'ports-import-core'],
  ['src/pipeline/imports-command.ts', 'src/commands/help.ts', 'pipeline-import-what-is-inside'],
  ['src/commands/imports-database.ts', 'src/postgres/migrate.ts', 'commands-import-what-is-inside'],
  ['src/slack/imports-database.ts', 'src/postgres/migrate.ts', 'adapters-never-import-each-other:slack'],
  ['src/sources/imports-config.ts', 'src/config/load.ts', 'adapters-never-import-each-other:sources'],
  ['src/http/imports-root.ts', 'src/app/service.ts', 'nobody-imports-the-composition-root'],
  ['src/http/imports-library.ts', 'node_modules/bullmq/index.js', 'libraries-stay-in-their-adapter:queue'],
  ['src/sources/pages/imports-library.ts', 'node_modules/imapflow/index.js', 'libraries-stay-in-their-adapter:sources/mail'],
  ['src/teams/runs-bot-framework.ts', 'node_modules/botbuilder/index.js', 'bot-framework-runs-in-one-file'],
  ['src/commands/imports-bot-framework.ts', 'node_modules/botbuilder/index.js', 'bot-framework-types-stay-in-teams'],
  ['src/slack/imports-client.ts', 'node_modules/undici/index.js', 'one-http-client'],
  ['src/sources/imports-secure-client.ts', 'node:https', 'one-http-client'],
  ['src/queue/imports-tool.ts', 'node_modules/vitest/index.js', 'what-runs-is-installed-to-run'],
] as const;

function specifierOf(from: string, to: string): string {
  if (to.startsWith('src/')) return `${relative(dirname(from), '.')}/${to}`;
  return to.replace(/^node_modules\/([^/]+)\/.*/, '$1');
}

test('a wrong import of each kind is reported under the name of its rule', WITHIN, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'creditwatch-boundaries-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const file of ['tsconfig.json', 'package.json']) cpSync(join(ROOT, file), join(folder, file));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  for (const [from, to] of WRONG) {
    if (!to.startsWith('node:')) write(to, 'export type Thing = { readonly thing: true };\n');
    // A type import leaves no trace in the built code, and is still a dependency between our files.
    write(from, to.startsWith('src/') ? `export type * from '${specifierOf(from, to)}';\n` : `export * from '${specifierOf(from, to)}';\n`);
  }
  write('src/core/fine.ts', 'export const fine = true;\n');
  write('src/pipeline/fine.ts', `export { fine } from '../core/fine.ts';\n`);

  const { summary } = await cruise(folder);
  const found = summary.violations.map(({ from, to, rule }) => [from, to, rule.name, rule.severity]);
  for (const [from, to, rule] of WRONG) expect(found).toContainEqual([from, to.replace('node:', ''), rule, 'error']);
  expect(found.filter(([from]) => !WRONG.some(([wrong]) => wrong === from))).toEqual([]);
});
