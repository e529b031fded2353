import { Argument, Command } from 'commander';
import { platforms } from '../app/platforms.ts';
import { readVersion } from '../app/version.ts';
import { connectableNames } from '../chat/platform.ts';
import { isShell, shells } from './completion.ts';
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
  | 'try'
  | 'test'
  | 'key'
  | 'encryption'
  | 'backup'
  | 'restore'
  | 'account'
  | 'person'
  | 'audit'
  | 'completion';

const keyActions = ['rotate', 'retire'];

const ONE_ACCOUNT = 'an account of creditwatch.yml (default: the first)';
const JSON_OPTION = ['--json', 'print JSON instead of text'] as const;

type Json = { readonly json?: true };

/**
 * Defines the command line. The code of a command is imported only when it is called, so that each command starts fast and uses little
 * memory.
 */
export function createProgram(terminal: Terminal): Command {
  const names = connectableNames(terminal.platforms ?? platforms);
  const program = new Command('creditwatch')
    .description(`Tells you in ${names} when bought credits run low, and answers /usage.`)
    .version(readVersion(), '-V, --version', 'print the version')
    .configureOutput({
      writeOut: (text) => void terminal.output.write(forTerminal(text)),
      writeErr: (text) => void terminal.errors.write(forTerminal(text)),
    })
    .showHelpAfterError('(creditwatch --help lists the commands)');

  describe('start', 'run the service', ['start', 'PORT=8080 npx creditwatch start']).action(async () =>
    (await import('./start.ts')).start(terminal),
  );
  describe('demo', 'run the service with sample readings in a folder of its own', ['demo']).action(async () =>
    (await import('./demo.ts')).demo(terminal),
  );
  describe('migrate', 'bring the database up to date', ['migrate']).action(async () =>
    (await import('./migrate.ts')).migrateDatabase(terminal),
  );
  describe('doctor', 'check everything, with the remedy for what is wrong', ['doctor', 'doctor --json'])
    .option(...JSON_OPTION)
    .action(async ({ json }: Json) => (await import('./doctor.ts')).doctor(terminal, { json: json === true }));
  describe('usage', 'show the credits overview, or run another /usage command', [
    'usage',
    'usage apollo --json',
    'usage check campaigns 50k by 5 dec',
    'usage history apollo last month',
    'usage help check',
  ])
    .argument('[words...]', 'a meter, or another /usage command: check campaigns 50k')
    .option('--account <id>', ONE_ACCOUNT)
    .option(...JSON_OPTION)
    .action(async (words: string[], { account, json }: Json & { account?: string }) =>
      (await import('./usage.ts')).usage(terminal, words.join(' '), { account: account ?? null, json: json === true }),
    );
  describe('import', 'import readings from a file', [
    'import page.txt',
    'import history.csv --source clay',
    'pbpaste | npx creditwatch import -',
  ])
    .argument(
      '<file>',
      'text copied from the usage page, history as CSV of any size, or the JSON of POST /v1/usage; - reads standard input',
    )
    .option('--source <id>', 'the source to import to')
    .option('--account <id>', ONE_ACCOUNT)
    .option(...JSON_OPTION)
    .action(async (file: string, { source, account, json }: Json & { source?: string; account?: string }) =>
      (await import('./import.ts')).importFile(terminal, file, { source: source ?? null, account: account ?? null, json: json === true }),
    );
  describe('export', 'write daily use per meter and period as CSV', [
    'export --since 30d',
    'export apollo --since "last month" -o apollo.csv',
    'export --json',
  ])
    .argument('[meter...]', 'only this meter')
    .option('--since <time>', 'from a day such as 2026-11-01, or for a span such as 90d or "last month" (default: everything)')
    .option('-o, --out <file>', 'write to a file instead of standard output')
    .option('--account <id>', 'only this account of creditwatch.yml (default: all)')
    .option(...JSON_OPTION)
    .action(async (meter: string[], { since, out, account, json }: Json & { since?: string; out?: string; account?: string }) =>
      (await import('./export.ts')).exportConsumption(terminal, meter.join(' '), {
        since: since ?? null,
        out: out ?? null,
        account: account ?? null,
        json: json === true,
      }),
    );
  describe('backtest', 'show when a rule would have fired on the stored readings', [
    'backtest',
    "backtest '{ kind: threshold, levels: [50%] }' --meter apollo --days 30",
  ])
    .argument('[rule]', "a rule as creditwatch.yml writes it: '{ kind: threshold, levels: [50%] }'; without one, the rules in use")
    .option('--meter <name>', 'only this meter')
    .option('--days <number>', 'how far back', '90')
    .option(...JSON_OPTION)
    .action(async (rule: string | undefined, { meter, days, json }: Json & { meter?: string; days: string }) =>
      (await import('./backtest.ts')).runBacktest(terminal, rule ?? null, { meter: meter ?? null, days, json: json === true }),
    );
  describe('presets', 'list the vendors that only need a key', ['presets'])
    .option(...JSON_OPTION)
    .action(async ({ json }: Json) => (await import('./presets.ts')).listPresets(terminal, { json: json === true }));
  describe('try', 'poll a source once and show what was understood, without storing', ['try openrouter', 'try openrouter --json'])
    .argument('<source>', 'a source of kind http in creditwatch.yml')
    .option('--account <id>', 'only the source of this account of creditwatch.yml (default: every account that has it)')
    .option(...JSON_OPTION)
    .action(async (source: string, { account, json }: Json & { account?: string }) =>
      (await import('./try-source.ts')).trySource(terminal, source, { account: account ?? null, json: json === true }),
    );
  describe('test', 'post a labelled test message', ['test slack:C0123456789'])
    .argument('<route>', 'a route, as doctor names it')
    .option('--account <id>', 'only routes of this account of creditwatch.yml (default: all accounts)')
    .action(async (route: string, { account }: { account?: string }) =>
      (await import('./test-route.ts')).testRoute(terminal, route, account ?? null),
    );
  describe('key', 'show the ingest key, make a new one, or revoke earlier ones', ['key', 'key rotate', 'key retire', 'key rotate --now'])
    .addArgument(
      new Argument('[action]', 'rotate: make a new key; the previous one works for 7 more days. retire: revoke earlier keys').choices(
        keyActions,
      ),
    )
    .option('--now', 'with rotate: revoke earlier keys at once')
    .option('--account <id>', 'an account of creditwatch.yml (default: all to show keys, the only one to change them)')
    .option(...JSON_OPTION)
    .action(async (action: string | undefined, { account, now, json }: Json & { account?: string; now?: true }) =>
      (await import('./key.ts')).key(terminal, action ?? null, { account: account ?? null, now: now === true, json: json === true }),
    );
  describe('encryption', 'encrypt all stored secrets with a new key', ['encryption rotate'])
    .addArgument(
      new Argument(
        '<action>',
        'rotate: encrypt all stored secrets with the new ENCRYPTION_KEY, or with a new key in the data folder',
      ).choices(['rotate']),
    )
    .option(...JSON_OPTION)
    .action(async (_action: string, { json }: Json) =>
      (await import('./encryption.ts')).rotateEncryption(terminal, { json: json === true }),
    );
  describe('backup', 'write all stored data to one file, also while the service runs', [
    'backup creditwatch.backup',
    'backup - | gpg -e -r ops > creditwatch.backup.gpg',
  ])
    .argument('<file>', 'a new file; - writes to standard output')
    .option('--force', 'replace an existing file')
    .option(...JSON_OPTION)
    .action(async (file: string, { force, json }: Json & { force?: true }) =>
      (await import('./backup.ts')).backup(terminal, file, { force: force === true, json: json === true }),
    );
  describe('restore', 'restore a backup into an empty database', ['restore creditwatch.backup', 'restore creditwatch.backup --replace'])
    .argument('<file>', 'a file that backup wrote, of this version or an older one')
    .option('--replace', 'delete the data in the database first; asks for confirmation')
    .option('--yes', 'with --replace: do not ask for confirmation')
    .option('--without-key', 'restore although the encryption key of the backup is lost; you then make new secrets')
    .option(...JSON_OPTION)
    .action(async (file: string, { replace, yes, withoutKey, json }: Json & { replace?: true; yes?: true; withoutKey?: true }) =>
      (await import('./restore.ts')).restore(terminal, file, {
        replace: replace === true,
        yes: yes === true,
        withoutKey: withoutKey === true,
        json: json === true,
      }),
    );
  describe('account', 'delete an account and all its data', ['account delete acme', 'account delete acme --yes'])
    .addArgument(new Argument('<action>', 'delete').choices(['delete']))
    .argument('<id>', 'an account, also one that is no longer in creditwatch.yml')
    .option('--yes', 'do not ask for confirmation')
    .action(async (_action: string, id: string, { yes }: { yes?: true }) =>
      (await import('./account.ts')).deleteAccount(terminal, id, { yes: yes === true }),
    );
  describe('person', 'export or forget all stored data about a person', [
    'person export U0AB12CD3 > person.json',
    'person forget U0AB12CD3',
  ])
    .addArgument(
      new Argument('<action>', 'export: print it as JSON; forget: remove the person from all records').choices(['export', 'forget']),
    )
    .argument('<id>', `the id in ${names}, or a login name of this machine`)
    .option(...JSON_OPTION)
    .action(async (action: string, id: string, { json }: Json) => {
      const { exportPerson, forgetPerson } = await import('./person.ts');
      await (action === 'export' ? exportPerson(terminal, id) : forgetPerson(terminal, id, { json: json === true }));
    });
  describe('audit', 'show who did what: the record of the last 366 days', [
    'audit',
    'audit --since 30d --by U0AB12CD3',
    'audit --json > audit.json',
  ])
    .option('--account <id>', 'only this account (default: all, and actions on the whole deployment)')
    .option('--since <time>', 'from a day such as 2026-11-01, or for a span such as 30d')
    .option('--by <id>', `only what this person did: the id in ${names}, or a login name`)
    .option('--last <number>', 'how many lines', '100')
    .option(...JSON_OPTION)
    .action(async ({ account, since, by, last, json }: Json & { account?: string; since?: string; by?: string; last: string }) =>
      (await import('./audit.ts')).audit(terminal, {
        account: account ?? null,
        since: since ?? null,
        by: by ?? null,
        last,
        json: json === true,
      }),
    );
  describe('completion', 'print a script that completes commands and options in a shell', [
    'completion bash >> ~/.bashrc',
    'completion zsh > "${fpath[1]}/_creditwatch"',
    'completion fish > ~/.config/fish/completions/creditwatch.fish',
  ])
    .addArgument(new Argument('<shell>').choices(shells))
    .action(async (shell: string) => {
      if (isShell(shell)) (await import('./print-completion.ts')).printCompletion(terminal, shell, program);
    });
  return program;

  /** @param examples arguments for `npx creditwatch`, or the whole line if it starts differently */
  function describe(name: CommandName, description: string, examples: readonly string[]): Command {
    const lines = examples.map((one) => `  ${one.includes('npx creditwatch') ? one : `npx creditwatch ${one}`}`);
    return program
      .command(name)
      .description(description)
      .addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
  }
}
