import { Argument, Command } from 'commander';
import { platforms } from '../app/platforms.ts';
import { readVersion } from '../app/version.ts';
import { connectableNames } from '../chat/platform.ts';
import { commandLineHelp, examplesText } from '../messages/replies/command-line-help.ts';
import { isShell, shells } from './completion.ts';
import { describeUpkeep, type Json } from './upkeep-commands.ts';
import { forTerminal } from './for-terminal.ts';
import type { Terminal } from './terminal.ts';

/** The names of all commands. */
export type CommandName =
  | 'start'
  | 'demo'
  | 'migrate'
  | 'doctor'
  | 'usage'
  | 'import'
  | 'export'
  | 'backtest'
  | 'presets'
  | 'add'
  | 'try'
  | 'test'
  | 'key'
  | 'capture'
  | 'encryption'
  | 'backup'
  | 'restore'
  | 'account'
  | 'person'
  | 'audit'
  | 'completion';

const keyActions = ['rotate', 'retire'];

type AddArguments = {
  readonly value: readonly string[];
  readonly url?: string;
  readonly source?: string;
  readonly account?: string;
  readonly json?: true;
};
type ImportArguments = {
  readonly curl?: true;
  readonly har?: string;
  readonly pick?: string;
  readonly write?: true;
  readonly source?: string;
  readonly account?: string;
  readonly json?: true;
};

/**
 * Defines the command line. The code of a command is imported only when it is called, so that each command starts fast and uses little
 * memory.
 */
export function createProgram(terminal: Terminal): Command {
  const help = commandLineHelp(connectableNames(terminal.platforms ?? platforms));
  const program = new Command('creditwatch')
    .description(help.common.program)
    .version(readVersion(), '-V, --version', help.common.version)
    .configureOutput({
      writeOut: (text) => void terminal.output.write(forTerminal(text)),
      writeErr: (text) => void terminal.errors.write(forTerminal(text)),
    })
    .showHelpAfterError(help.common.afterError);

  describe('start').action(async () => (await import('./start.ts')).start(terminal));
  describe('demo').action(async () => (await import('./demo.ts')).demo(terminal));
  describe('migrate').action(async () => (await import('./migrate.ts')).migrateDatabase(terminal));
  describe('doctor')
    .option('--json', help.common.json)
    .action(async ({ json }: Json) => (await import('./doctor.ts')).doctor(terminal, { json: json === true }));
  describe('usage')
    .argument('[words...]', help.usage.words)
    .option('--account <id>', help.common.account)
    .option('--json', help.common.json)
    .action(async (words: string[], { account, json }: Json & { account?: string }) =>
      (await import('./usage.ts')).usage(terminal, words.join(' '), { account: account ?? null, json: json === true }),
    );
  describe('import')
    .argument('[file]', help.import.file)
    .option('--curl', help.import.curl)
    .option('--har <file>', help.import.har)
    .option('--pick <number>', help.import.pick)
    .option('--write', help.import.write)
    .option('--source <id>', help.import.source)
    .option('--account <id>', help.common.account)
    .option('--json', help.common.json)
    .action(async (file: string | undefined, { curl, har, ...given }: ImportArguments, command: Command) => {
      const { source = null, account = null, pick = null, write = false, json = false } = given;
      if (har !== undefined || curl === true) {
        if (har !== undefined && (curl === true || file !== undefined)) command.error(help.import.oneForm);
        const from = har === undefined ? ({ form: 'curl', file: file ?? '-' } as const) : ({ form: 'har', file: har } as const);
        return (await import('./import-request.ts')).importRequest(terminal, from, { source, account, pick, write, json });
      }
      if (pick !== null || write) command.error(help.import.onlyRequests);
      if (file === undefined) return command.error(help.import.noFile);
      return (await import('./import.ts')).importFile(terminal, file, { source, account, json });
    });
  describe('export')
    .argument('[meter...]', help.export.meter)
    .option('--since <time>', help.export.since)
    .option('-o, --out <file>', help.export.out)
    .option('--account <id>', help.export.account)
    .option('--json', help.common.json)
    .action(async (meter: string[], { since, out, account, json }: Json & { since?: string; out?: string; account?: string }) =>
      (await import('./export.ts')).exportConsumption(terminal, meter.join(' '), {
        since: since ?? null,
        out: out ?? null,
        account: account ?? null,
        json: json === true,
      }),
    );
  describe('backtest')
    .argument('[rule]', help.backtest.rule)
    .option('--meter <name>', help.backtest.meter)
    .option('--days <number>', help.backtest.days, '90')
    .option('--json', help.common.json)
    .action(async (rule: string | undefined, { meter, days, json }: Json & { meter?: string; days: string }) =>
      (await import('./backtest.ts')).runBacktest(terminal, rule ?? null, { meter: meter ?? null, days, json: json === true }),
    );
  describe('presets')
    .argument('[word...]', help.presets.word)
    .option('--json', help.common.json)
    .action(async (word: string[], { json }: Json) =>
      (await import('./presets.ts')).listPresets(terminal, word.join(' '), { json: json === true }),
    );
  describe('add')
    .argument('<vendor>', help.add.vendor)
    .option('--value <name=value>', help.add.value, (one: string, before: readonly string[]) => [...before, one], [])
    .option('--url <address>', help.add.url)
    .option('--source <id>', help.add.source)
    .option('--account <id>', help.common.account)
    .option('--json', help.common.json)
    .action(async (vendor: string, { value, url, source, account, json }: AddArguments) =>
      (await import('./add.ts')).addVendor(terminal, vendor, {
        values: value,
        url: url ?? null,
        source: source ?? null,
        account: account ?? null,
        json: json === true,
      }),
    );
  describe('try')
    .argument('<source>', help.try.source)
    .option('--account <id>', help.try.account)
    .option('--json', help.common.json)
    .action(async (source: string, { account, json }: Json & { account?: string }) =>
      (await import('./try-source.ts')).trySource(terminal, source, { account: account ?? null, json: json === true }),
    );
  describe('test')
    .argument('<route>', help.test.route)
    .option('--account <id>', help.test.account)
    .action(async (route: string, { account }: { account?: string }) =>
      (await import('./test-route.ts')).testRoute(terminal, route, account ?? null),
    );
  describe('key')
    .addArgument(new Argument('[action]', help.key.action).choices(keyActions))
    .option('--now', help.key.now)
    .option('--account <id>', help.key.account)
    .option('--json', help.common.json)
    .action(async (action: string | undefined, { account, now, json }: Json & { account?: string; now?: true }) =>
      (await import('./key.ts')).key(terminal, action ?? null, { account: account ?? null, now: now === true, json: json === true }),
    );
  describe('capture')
    .argument('[source...]', help.capture.source)
    .option('--list', help.capture.list)
    .option('--revoke <name>', help.capture.revoke)
    .option('--new', help.capture.isNew)
    .option('--account <id>', help.common.account)
    .option('--json', help.common.json)
    .action(
      async (
        source: string[],
        { list, revoke, new: isNew, account, json }: Json & { list?: true; revoke?: string; new?: true; account?: string },
      ) =>
        (await import('./capture.ts')).capture(terminal, source, {
          list: list === true,
          revoke: revoke ?? null,
          isNew: isNew === true,
          account: account ?? null,
          json: json === true,
        }),
    );
  describeUpkeep(describe, help, terminal);
  describe('completion')
    .addArgument(new Argument('<shell>').choices(shells))
    .action(async (shell: string) => {
      if (isShell(shell)) (await import('./print-completion.ts')).printCompletion(terminal, shell, program);
    });
  return program;

  function describe(name: CommandName): Command {
    const { description, examples } = help[name];
    return program.command(name).description(description).addHelpText('after', examplesText(examples));
  }
}
