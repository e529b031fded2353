import { redisProblemText, type RedisProblem } from '../failures/redis.ts';
import { days } from '../text/age.ts';
import type { StorageOutlook, StorageUse } from '../../core/status/storage-outlook.ts';

/** What `doctor` found out, without whether it is good or bad. */
export type Checked =
  /** `file`: null without a creditwatch.yml. */
  | { readonly kind: 'configuration'; readonly file: string | null }
  | { readonly kind: 'notice'; readonly notice: string }
  /** `freeMb`: only if that is little. */
  | {
      readonly kind: 'data-folder';
      readonly dataDir: string;
      readonly problem: 'missing' | 'unusable' | { readonly freeMb: number } | null;
    }
  | { readonly kind: 'service'; readonly running: { readonly url: string; readonly pid: number } | null }
  | { readonly kind: 'database'; readonly found: 'stopped' | 'embedded' | 'server' | { readonly problem: string } }
  /** `freeBytes`: null unless the database is on this disk. */
  | {
      readonly kind: 'storage';
      readonly use: StorageUse;
      readonly outlook: StorageOutlook;
      readonly freeBytes: number | null;
    }
  /** How far the clock of the database is ahead of this machine's. */
  | { readonly kind: 'clock'; readonly aheadMs: number }
  | { readonly kind: 'queue'; readonly isRedis: boolean; readonly problem: 'no-answer' | readonly RedisProblem[] | null }
  | { readonly kind: 'ingest-key'; readonly found: 'to-make' | { readonly says: string } }
  | { readonly kind: 'capture-keys'; readonly keys: readonly { readonly name: string; readonly sources: readonly string[] }[] }
  | { readonly kind: 'encryption'; readonly says: string }
  /** `source`: with its account if there are several. */
  | { readonly kind: 'source'; readonly source: string; readonly says: string }
  | { readonly kind: 'figures'; readonly says: string }
  /** `source`: with its account if there are several. */
  | { readonly kind: 'key-expiry'; readonly source: string; readonly says: string }
  | { readonly kind: 'route'; readonly name: string; readonly pending: number; readonly problem: RouteProblem | null }
  /** `account`: null if there is only one. `instead`: where the alerts go. */
  | { readonly kind: 'no-routes'; readonly account: string | null; readonly instead: readonly string[] }
  | {
      readonly kind: 'not-routed';
      readonly account: string | null;
      readonly meters: readonly string[];
      readonly instead: readonly string[];
    }
  | { readonly kind: 'not-connected'; readonly platform: string; readonly variable: string; readonly steps: string }
  /** `host`: null without HEARTBEAT_URL. */
  | { readonly kind: 'heartbeat'; readonly host: string | null };

/** `disabled`: the stored reason, with the next step. `trouble`: why the latest attempt is repeated. */
type RouteProblem = { readonly disabled: string } | { readonly trouble: string };

const MOST_NAMED = 5;
const SUBSCRIBE = 'Type /usage subscribe in a channel, or add a route to creditwatch.yml.';

/** Words a line of `doctor`: what was checked, and the result with the next step. */
export function checkedText(checked: Checked): { readonly what: string; readonly says: string } {
  switch (checked.kind) {
    case 'configuration':
      return { what: 'Configuration', says: checked.file ?? 'no creditwatch.yml: defaults are used' };
    case 'notice':
      return { what: 'Configuration', says: checked.notice };
    case 'data-folder':
      return { what: 'Data folder', says: dataFolderText(checked) };
    case 'service':
      return {
        what: 'Service',
        says: checked.running ? `${checked.running.url}, process ${String(checked.running.pid)}` : 'not running. Start it: npm start',
      };
    case 'database':
      return { what: 'Database', says: typeof checked.found === 'string' ? DATABASES[checked.found] : checked.found.problem };
    case 'storage':
      return { what: 'Storage', says: storageText(checked) };
    case 'clock': {
      const seconds = Math.round(Math.abs(checked.aheadMs) / 1000);
      const where = checked.aheadMs > 0 ? 'ahead of' : 'behind';
      return { what: 'Clock', says: `the database is ${String(seconds)} s ${where} this machine. Correct one of the clocks.` };
    }
    case 'queue': {
      const name = checked.isRedis ? 'Redis of REDIS_URL' : 'in PostgreSQL';
      if (checked.problem === null) return { what: 'Queue', says: name };
      const unanswered = `${name} does not answer. Alerts go out more slowly; check REDIS_URL and that Redis runs.`;
      return { what: 'Queue', says: checked.problem === 'no-answer' ? unanswered : checked.problem.map(redisProblemText).join(' ') };
    }
    case 'ingest-key':
      return { what: 'Ingest key', says: checked.found === 'to-make' ? 'not made yet: the next start makes one' : checked.found.says };
    case 'capture-keys':
      return { what: 'Capture keys', says: checked.keys.map(({ name, sources }) => `${name} for ${sources.join(', ')}`).join('; ') };
    case 'encryption':
      return { what: 'Encryption', says: checked.says };
    case 'source':
      return { what: `Source ${checked.source}`, says: checked.says };
    case 'key-expiry':
      return { what: `Key of ${checked.source}`, says: checked.says };
    case 'figures':
      return { what: 'Figures', says: checked.says };
    case 'route':
      return { what: `Route ${checked.name}`, says: routeText(checked) };
    case 'no-routes':
      return {
        what: alertsOf(checked.account),
        says: `no channel gets alerts yet, so they go to ${checked.instead.join(', ')}. ${SUBSCRIBE}`,
      };
    case 'not-routed': {
      const { meters } = checked;
      const more = meters.length > MOST_NAMED ? ` and ${String(meters.length - MOST_NAMED)} more` : '';
      const names = `${meters.slice(0, MOST_NAMED).join(', ')}${more}`;
      return {
        what: alertsOf(checked.account),
        says: `no route covers ${names}, so their alerts go to ${checked.instead.join(', ')}. ${SUBSCRIBE}`,
      };
    }
    case 'not-connected':
      return { what: checked.platform, says: `${checked.variable} is not set. ${checked.steps}` };
    case 'heartbeat':
      return {
        what: 'Heartbeat',
        says: checked.host
          ? `goes to ${checked.host} once a minute while the service works`
          : 'HEARTBEAT_URL is not set: no one is alerted when this machine is down',
      };
  }
}

const DATABASES = {
  stopped: 'the embedded PostgreSQL is not running; it starts with the service',
  embedded: 'embedded PostgreSQL, up to date. It is for one machine and for trying out; for production set DATABASE_URL',
  server: 'PostgreSQL of DATABASE_URL, up to date',
} as const;

function dataFolderText({ dataDir, problem }: Extract<Checked, { kind: 'data-folder' }>): string {
  switch (problem) {
    case null:
      return dataDir;
    case 'missing':
      return `${dataDir} is made at the first start`;
    case 'unusable':
      return `${dataDir} cannot be used by this user. Make it writable, or set DATA_DIR.`;
    default:
      return `${dataDir} has only ${String(problem.freeMb)} MB left. Free some space.`;
  }
}

function routeText({ name, pending, problem }: Extract<Checked, { kind: 'route' }>): string {
  const waiting = pending === 0 ? '' : `, ${String(pending)} waiting`;
  if (problem === null) return `on${waiting}`;
  if ('trouble' in problem) return `on${waiting}, tried again: ${problem.trouble}`;
  return `off${waiting}: ${problem.disabled} Then: npx creditwatch test ${name}`;
}

function alertsOf(account: string | null): string {
  return account === null ? 'Alerts' : `Alerts of ${account}`;
}

function storageText({ use, outlook, freeBytes }: Extract<Checked, { kind: 'storage' }>): string {
  const { databaseBytes, readings } = use;
  const { growthPerDay, levelsOffAtBytes, lastsDays } = outlook;
  const size = `${bytesText(databaseBytes)}, of which ${bytesText(readings.bytes)} for about ${COUNT.format(readings.rows)} readings`;
  const free = freeBytes === null ? '' : `; ${bytesText(freeBytes)} free`;
  if (growthPerDay === null) return `${size}${free}. How fast it grows is shown after the first day`;
  const pace = growthPerDay === 0 ? 'It did not grow in the last days' : `It grows by ${bytesText(growthPerDay)} a day`;
  const limit = levelsOffAtBytes === null || growthPerDay === 0 ? '' : ` and levels off at about ${bytesText(levelsOffAtBytes)}`;
  if (freeBytes === null || growthPerDay === 0) return `${size}${free}. ${pace}${limit}`;
  if (lastsDays === null) return `${size}${free}. ${pace}${limit}, for which the disk is large enough`;
  return `${size}${free}. ${pace}${limit}: the disk lasts ${days(lastsDays)}. Free some space, or keep less: retention in creditwatch.yml`;
}

const COUNT = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });
const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** `1.2 GB`: two digits are enough for an estimate. */
function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length, Math.max(1, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const figure = bytes / 1000 ** power;
  return `${figure >= 100 ? figure.toFixed(0) : String(Number(figure.toPrecision(2)))} ${UNITS[power - 1] ?? ''}`;
}
