#!/usr/bin/env node
import { Command, type CommanderError } from 'commander';

/** The command line. What a command needs is imported when it is called, so that each starts fast and small. */
const program = new Command('creditwatch')
  .description('Says in Slack when bought credits run low, and answers /usage.')
  .showHelpAfterError('(creditwatch --help lists the commands)')
  .exitOverride(leave);

const ONE_ACCOUNT = 'an account of creditwatch.yml; else the first';

program
  .command('start')
  .description('run the service')
  .action(async () => (await import('./cli/start.ts')).start());
program
  .command('demo')
  .description('run the service with sample readings in a folder of its own')
  .action(async () => (await import('./cli/demo.ts')).demo());
program
  .command('migrate')
  .description('bring the database up to date')
  .action(async () => (await import('./cli/migrate.ts')).migrateDatabase());
program
  .command('doctor')
  .description('check everything, with the remedy for what is wrong')
  .action(async () => (await import('./cli/doctor.ts')).doctor());
program
  .command('usage')
  .argument('[words...]', 'a meter, or what /usage answers: check campaigns 50k')
  .option('--account <id>', ONE_ACCOUNT)
  .description('show the credits overview, or answer what /usage answers')
  .action(async (words: string[], options: { account?: string }) =>
    (await import('./cli/usage.ts')).usage(words.join(' '), options.account ?? null),
  );
program
  .command('import')
  .argument('<file>', 'text copied from the usage page, history as CSV of any size, or the JSON of POST /v1/usage; - reads standard input')
  .option('--source <id>', 'the source to import to')
  .option('--account <id>', ONE_ACCOUNT)
  .description('take readings from a file')
  .action(async (file: string, options: { source?: string; account?: string }) =>
    (await import('./cli/import.ts')).importFile(file, { source: options.source ?? null, account: options.account ?? null }),
  );
program
  .command('export')
  .argument('[meter...]', 'only this meter')
  .option('--since <day>', 'from a day such as 2026-11-01, or so many days back such as 90d; else all there is')
  .option('--out <file>', 'write to a file instead of standard output')
  .option('--account <id>', 'only this account of creditwatch.yml; else all')
  .description('write consumption per meter, day and period as CSV')
  .action(async (meter: string[], options: { since?: string; out?: string; account?: string }) =>
    (await import('./cli/export.ts')).exportConsumption(meter.join(' '), {
      since: options.since ?? null,
      out: options.out ?? null,
      account: options.account ?? null,
    }),
  );
program
  .command('backtest')
  .argument('[rule]', "a rule as creditwatch.yml writes it: '{ kind: threshold, levels: [50%] }'; without one, the rules as they are")
  .option('--meter <name>', 'only this meter')
  .option('--days <number>', 'how far back', '90')
  .description('say when a rule would have fired on the stored readings')
  .action(async (rule: string | undefined, options: { meter?: string; days: string }) =>
    (await import('./cli/backtest.ts')).runBacktest(rule ?? null, { meter: options.meter ?? null, days: options.days }),
  );
program
  .command('presets')
  .description('list the vendors that need no more than a key')
  .action(async () => (await import('./cli/presets.ts')).listPresets());
program
  .command('try')
  .argument('<source>', 'a source of kind http in creditwatch.yml')
  .description('poll a source once and show what was understood, without storing')
  .option('--account <id>', 'only the source of this account of creditwatch.yml; else of each that has it')
  .action(async (source: string, options: { account?: string }) =>
    (await import('./cli/try-source.ts')).trySource(source, options.account ?? null),
  );
program
  .command('test')
  .argument('<route>', 'a route, as doctor names it')
  .option('--account <id>', 'only routes of this account of creditwatch.yml; else of any')
  .description('post a labelled test message')
  .action(async (route: string, options: { account?: string }) =>
    (await import('./cli/test-route.ts')).testRoute(route, options.account ?? null),
  );

await program.parseAsync();

/** A call that is not understood ends like a configuration that is not: nothing was begun. */
function leave({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : 2);
}
