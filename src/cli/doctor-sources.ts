import { collected } from '../async/parts.ts';
import { bindRules } from '../core/rules/registry.ts';
import { freshnessOf } from '../core/status/meter-status.ts';
import { captureSourceText } from '../messages/text/sign-in.ts';
import type { CaptureStore } from '../ports/stores/capture-store.ts';
import type { Config } from '../config/config.ts';
import { readPreset } from '../config/presets.ts';
import { metersWithoutTotal } from '../core/meters/poll.ts';
import { keyPlaceOf } from '../app/accounts.ts';
import { daysUntil } from '../core/meters/key-expiry.ts';
import { expiryText, newKeyText } from '../messages/text/key-expiry.ts';
import { isStampedAhead } from '../core/meters/reading.ts';
import { aheadOfClock } from '../messages/text/age.ts';
import { plainRichText } from '../messages/text/plain.ts';
import { basisText } from '../messages/replies/presets.ts';
import { totalMissingText } from '../messages/text/total-missing.ts';
import { mailProblem, TAKES_MAILS } from '../messages/text/mail.ts';
import { pollState, sentence } from '../messages/text/polls.ts';
import { MAILS_TOLD_MS } from '../core/meters/mail.ts';
import type { MailStore } from '../ports/stores/mail-store.ts';
import type { ReadStore } from '../ports/stores/read-store.ts';
import { systemClock } from '../app/system-clock.ts';
import { finding } from './doctor-finding.ts';
import type { Finding } from '../chat/platform.ts';

/** Returns a finding for each polled source: the last success, the last failure with its remedy, the next poll, and the basis of its preset. */
export async function sourceFindings(store: ReadStore, { accounts }: Pick<Config, 'accounts'>): Promise<readonly Finding[]> {
  const zones = new Map(accounts.map(({ id, timeZone }) => [id, timeZone]));
  const ledgers = (await store.polls()).filter(({ account }) => zones.has(account));
  const stated = new Map(await Promise.all(accounts.map(async ({ id }) => [id, await store.statedTotals(id)] as const)));
  return ledgers.map((ledger) => {
    const declared = accounts.find(({ id }) => id === ledger.account)?.sources.find(({ id }) => id === ledger.source);
    const preset = declared?.kind === 'http' && declared.preset !== null ? readPreset(declared.preset) : null;
    const basis = preset === null ? '' : `. Preset ${preset.name}: ${basisText(preset)}`;
    const missing =
      declared?.kind === 'http'
        ? metersWithoutTotal(declared.poll).filter(({ key }) => !stated.get(ledger.account)?.has(`${ledger.source}/${key}`))
        : [];
    const totals = missing.length === 0 ? '' : `. ${totalMissingText(missing)}`;
    const says = plainRichText(pollState(ledger), { timeZone: zones.get(ledger.account) ?? 'UTC', now: systemClock.now() });
    const source = nameAmong(accounts, ledger.account, ledger.source);
    return finding(ledger.problem ? 'bad' : ledger.lastSuccessAt ? 'ok' : 'off', {
      kind: 'source',
      source,
      says: `${says}${basis}${totals}`,
    });
  });
}

/** Returns a finding for each source that only gets its mails by `POST /v1/mail`: the mails of the last days that gave no figures. */
export async function mailFindings(mails: MailStore, { accounts }: Pick<Config, 'accounts'>): Promise<readonly Finding[]> {
  const since = new Date(systemClock.now().getTime() - MAILS_TOLD_MS);
  const pushed = accounts.flatMap(({ id: account, timeZone, sources }) =>
    sources.flatMap((source) => (source.kind === 'mail' && source.mailbox === null ? [{ account, timeZone, id: source.id }] : [])),
  );
  return Promise.all(
    pushed.map(async ({ account, timeZone, id }) => {
      const problem = mailProblem(null, await mails.failed(account, id, since), timeZone);
      const says = problem === null ? TAKES_MAILS : `${sentence(problem.reason)}. ${problem.remedy}`;
      return finding(problem === null ? 'ok' : 'bad', { kind: 'source', source: nameAmong(accounts, account, id), says });
    }),
  );
}

/** Returns a finding for each source that a capture key can send pages of: when the last figures came, and where to sign in. */
export async function captureSourceFindings(
  store: ReadStore & { readonly captures: Pick<CaptureStore, 'list'> },
  { accounts }: Pick<Config, 'accounts'>,
): Promise<readonly Finding[]> {
  const now = systemClock.now();
  const of = accounts.map(async ({ id, timeZone }): Promise<readonly Finding[]> => {
    const sources = [...new Set((await store.captures.list(id)).flatMap((key) => key.sources))];
    const rules = bindRules(await store.rules(id));
    return Promise.all(
      sources.map(async (source) => {
        const meters = await collected(store.figures(id, { source }));
        const times = meters.map(({ reading, held }) => Math.max(reading.observedAt.getTime(), held?.seenAt.getTime() ?? 0));
        const at = meters.length === 0 ? null : new Date(Math.max(...times));
        const isStale = meters.some((one) => freshnessOf(one, rules, now) === 'stale');
        const says = plainRichText(captureSourceText(source, at, isStale), { timeZone, now });
        return finding(at === null ? 'off' : isStale ? 'bad' : 'ok', { kind: 'source', source: nameAmong(accounts, id, source), says });
      }),
    );
  });
  return (await Promise.all(of)).flat();
}

/** The days before a key expires in which it counts as a problem: those of the last warning. */
const SOON_DAYS = 7;

/** Returns a finding for each source of which creditwatch.yml says when its key expires. */
export function keyExpiryFindings({ accounts }: Pick<Config, 'accounts'>): readonly Finding[] {
  return accounts.flatMap((account) =>
    account.sources.flatMap((source): readonly Finding[] => {
      const { id, kind, expires } = source;
      if (expires === null) return [];
      const left = daysUntil(expires, systemClock.now(), account.timeZone);
      const isSoon = left <= SOON_DAYS;
      const says = `${expiryText(expires, left)}${isSoon ? `. ${newKeyText(id, kind, keyPlaceOf(source))}` : ''}`;
      return [finding(isSoon ? 'bad' : 'ok', { kind: 'key-expiry', source: nameAmong(accounts, account.id, id), says })];
    }),
  );
}

/** Returns a finding for each meter whose reading is later than the clock of this machine. */
export async function futureFindings(store: ReadStore, { accounts }: Pick<Config, 'accounts'>): Promise<readonly Finding[]> {
  const now = systemClock.now();
  const of = accounts.map(async ({ id, timeZone }): Promise<readonly Finding[]> => {
    const ahead = (await store.meters(id)).filter(({ reading }) => isStampedAhead(reading.observedAt, now));
    return ahead.map(({ meter, reading }) => {
      const name = nameAmong(accounts, id, `${meter.source}/${meter.key}`);
      const says = plainRichText(aheadOfClock(name, reading.observedAt, now), { timeZone, now });
      return finding('bad', { kind: 'figures', says });
    });
  });
  return (await Promise.all(of)).flat();
}

/** Several accounts may have sources of the same name. */
function nameAmong(accounts: Config['accounts'], account: string, name: string): string {
  return accounts.length > 1 ? `${account}/${name}` : name;
}
