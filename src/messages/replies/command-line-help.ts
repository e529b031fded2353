/**
 * The texts of `--help`, by command. `examples` are arguments for `npx creditwatch`, or the whole line if it starts differently.
 *
 * @param names the platforms that can be connected: `Slack or Teams`
 */
export function commandLineHelp(names: string) {
  return {
    common: {
      program: `Tells you in ${names} when bought credits run low, and answers /usage.`,
      version: 'print the version',
      afterError: '(creditwatch --help lists the commands)',
      account: 'an account of creditwatch.yml (default: the first)',
      json: 'print JSON instead of text',
    },
    start: {
      description: 'run the service',
      examples: ['start', 'PORT=8080 npx creditwatch start'],
    },
    demo: {
      description: 'run the service with sample readings in a folder of its own',
      examples: ['demo'],
    },
    migrate: {
      description: 'bring the database up to date',
      examples: ['migrate'],
    },
    doctor: {
      description: 'check everything, with the remedy for what is wrong',
      examples: ['doctor', 'doctor --json'],
    },
    usage: {
      description: 'show the credits overview, or run another /usage command',
      examples: [
        'usage',
        'usage apollo --json',
        'usage check campaigns 50k by 5 dec',
        'usage history apollo last month',
        'usage help check',
      ],
      words: 'a meter, or another /usage command: check campaigns 50k',
    },
    import: {
      description: 'import readings from a file, or make a source from a request of your browser',
      examples: [
        'import page.txt',
        'import history.csv --source clay',
        'pbpaste | npx creditwatch import -',
        'pbpaste | npx creditwatch import --curl',
        'import --har acme.har --write',
      ],
      file: 'text copied from the usage page, history as CSV of any size, or the JSON of POST /v1/usage; - reads standard input. With --curl: a file with the command',
      curl: 'make a source from a request that the browser copied as cURL, from standard input; makes the request once',
      har: 'make a source from a HAR that the browser saved; reaches no network',
      pick: 'which answer of the HAR, if several look like usage',
      write: 'with --curl or --har: add the source to creditwatch.yml',
      source: 'the source to import to; with --curl or --har, the ID of the new source',
      oneForm: 'error: give one of a file, --curl and --har',
      onlyRequests: 'error: --pick and --write need --curl or --har',
      noFile: "error: missing required argument 'file'",
    },
    export: {
      description: 'write daily use per meter and period as CSV',
      examples: ['export --since 30d', 'export apollo --since "last month" -o apollo.csv', 'export --json'],
      meter: 'only this meter',
      since: 'from a day such as 2026-11-01, or for a span such as 90d or "last month" (default: everything)',
      out: 'write to a file instead of standard output',
      account: 'only this account of creditwatch.yml (default: all)',
    },
    backtest: {
      description: 'show when a rule would have fired on the stored readings',
      examples: ['backtest', "backtest '{ kind: threshold, levels: [50%] }' --meter apollo --days 30"],
      rule: "a rule as creditwatch.yml writes it: '{ kind: threshold, levels: [50%] }'; without one, the rules in use",
      meter: 'only this meter',
      days: 'how far back',
    },
    presets: {
      description: 'list the vendors that only need a key, and those whose usage page is known',
      examples: ['presets', 'presets apollo', 'presets email --json'],
      word: 'only the vendors with this in their name, or in the name of a meter',
    },
    add: {
      description: 'add a built-in vendor to creditwatch.yml, after showing its figures',
      examples: ['add openrouter', 'OPENROUTER_KEY=… npx creditwatch add openrouter', 'add twilio --value account=AC0123'],
      vendor: 'the name of a preset: npx creditwatch presets lists them',
      value: 'what the preset asks for; at a terminal it is asked for',
      url: 'the address of an endpoint or a proxy of your own',
      source: 'the ID of the new source (default: the name of the preset)',
    },
    try: {
      description: 'poll a source once and show what was understood, without storing',
      examples: ['try openrouter', 'try openrouter --json'],
      source: 'a source of kind http in creditwatch.yml',
      account: 'only the source of this account of creditwatch.yml (default: every account that has it)',
    },
    test: {
      description: 'post a labelled test message',
      examples: ['test slack:C0123456789'],
      route: 'a route, as doctor names it',
      account: 'only routes of this account of creditwatch.yml (default: all accounts)',
    },
    key: {
      description: 'show the ingest key, make a new one, or revoke earlier ones',
      examples: ['key', 'key rotate', 'key retire', 'key rotate --now'],
      action: 'rotate: make a new key; the previous one works for 7 more days. retire: revoke earlier keys',
      now: 'with rotate: revoke earlier keys at once',
      account: 'an account of creditwatch.yml (default: all to show keys, the only one to change them)',
    },
    capture: {
      description: 'make a key that can only send usage pages of some sources',
      examples: [
        'capture abmatic',
        'capture abmatic hubspot',
        'capture --new abmatix',
        'capture --list',
        'capture --revoke capture-1a2b3c4d',
      ],
      source: 'the sources whose pages the new key can send',
      list: 'list the keys, without the keys themselves',
      revoke: 'end the key of this name at once',
      isNew: 'create the source although its name resembles another',
    },
    encryption: {
      description: 'encrypt all stored secrets with a new key',
      examples: ['encryption rotate'],
      action: 'rotate: encrypt all stored secrets with the new ENCRYPTION_KEY, or with a new key in the data folder',
    },
    backup: {
      description: 'write all stored data to one file, also while the service runs',
      examples: ['backup creditwatch.backup', 'backup - | gpg -e -r ops > creditwatch.backup.gpg'],
      file: 'a new file; - writes to standard output',
      force: 'replace an existing file',
    },
    restore: {
      description: 'restore a backup into an empty database',
      examples: ['restore creditwatch.backup', 'restore creditwatch.backup --replace'],
      file: 'a file that backup wrote, of this version or an older one',
      replace: 'delete the data in the database first; asks for confirmation',
      yes: 'with --replace: do not ask for confirmation',
      withoutKey: 'restore although the encryption key of the backup is lost; you then make new secrets',
    },
    account: {
      description: 'delete an account and all its data',
      examples: ['account delete acme', 'account delete acme --yes'],
      id: 'an account, also one that is no longer in creditwatch.yml',
      yes: 'do not ask for confirmation',
    },
    person: {
      description: 'export or forget all stored data about a person',
      examples: ['person export U0AB12CD3 > person.json', 'person forget U0AB12CD3'],
      action: 'export: print it as JSON; forget: remove the person from all records',
      id: `the id in ${names}, or a login name of this machine`,
    },
    audit: {
      description: 'show who did what: the record of the last 366 days',
      examples: ['audit', 'audit --since 30d --by U0AB12CD3', 'audit --json > audit.json'],
      account: 'only this account (default: all, and actions on the whole deployment)',
      since: 'from a day such as 2026-11-01, or for a span such as 30d',
      by: `only what this person did: the id in ${names}, or a login name`,
      last: 'how many lines',
    },
    completion: {
      description: 'print a script that completes commands and options in a shell',
      examples: [
        'completion bash >> ~/.bashrc',
        'completion zsh > "${fpath[1]}/_creditwatch"',
        'completion fish > ~/.config/fish/completions/creditwatch.fish',
      ],
    },
  };
}

/** The examples below the options of a command. */
export function examplesText(examples: readonly string[]): string {
  const lines = examples.map((one) => `  ${one.includes('npx creditwatch') ? one : `npx creditwatch ${one}`}`);
  return `\nExamples:\n${lines.join('\n')}`;
}
