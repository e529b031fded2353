import type { Alert } from '../../src/core/alerts/alert.ts';
import type { Meter } from '../../src/core/meters/meter.ts';
import type { AlertSnapshot } from '../../src/core/notifications/notification.ts';
import type { Reading } from '../../src/core/meters/reading.ts';
import { bindRules, ruleKinds, rulesFor, type BoundRule } from '../../src/core/rules/registry.ts';
import { evaluateReading, newMeterState, type Announcement, type Firing, type MeterState } from '../../src/core/alerts/evaluate.ts';
import { messageFor } from '../../src/messages/notices/notification.ts';
import { plainMessage } from '../../src/messages/text/plain.ts';
import { snapshotOf } from '../../src/pipeline/notify/alert-snapshot.ts';
import type { Person } from '../../src/core/text/person.ts';

export const APOLLO: Meter = {
  id: 'm1',
  account: 'default',
  source: 'abmatic',
  key: 'apollo_contacts',
  label: 'Apollo Contacts',
  unit: 'credits',
  decimals: 0,
  aliases: [],
  owner: null,
  consequence: 'Contact enrichment through Apollo may pause.',
  resets: true,
};
export const november = { start: new Date('2026-11-01T00:00:00Z'), end: new Date('2026-12-01T00:00:00Z') };
export const december = { start: new Date('2026-12-01T00:00:00Z'), end: new Date('2027-01-01T00:00:00Z') };

/** Rules as creditwatch.yml writes them, for all meters. */
export function ruleOf(written: { readonly kind: string } & Readonly<Record<string, unknown>>, version = 1): BoundRule {
  const { kind, ...rest } = written;
  const [bound] = bindRules([
    { id: `rule:${kind}`, kind, version, meters: 'all', params: ruleKinds[kind]?.written.parse(rest), origin: 'file' },
  ]);
  if (!bound) throw new Error(`no kind ${kind}`);
  return bound;
}

export function thresholds(
  levels: readonly unknown[],
  { version = 1, ...more }: { readonly version?: number; readonly firstSight?: string } = {},
): readonly BoundRule[] {
  return [ruleOf({ kind: 'threshold', levels, ...more }, version)];
}

export type Watching = {
  readonly said: readonly Announcement[];
  readonly firings: readonly Firing[];
  /** Every alert there was, as it is now. */
  readonly alerts: ReadonlyMap<string, Alert>;
  meterState(): MeterState;
  /** One more reading, an hour after the last one unless it says otherwise; returns what was said of it: `fired used:80%`. What only closes is in `alerts`. */
  read(used: bigint, overrides?: Partial<Reading>, by?: readonly BoundRule[]): readonly string[];
  /** Why each rule did or did not fire at the last reading, by its id. */
  reasons(): Readonly<Record<string, string>>;
  /** The last announcement as a message in the terminal. */
  message(options?: { readonly mentions?: readonly Person[]; readonly place?: 'new' | 'reply' }): string;
};

/** A meter under watch, fed one reading after another; remembers all that was said. */
export function watching(
  rules: readonly BoundRule[] = rulesFor(APOLLO, []),
  { meter = APOLLO, timeZone = 'UTC' }: { readonly meter?: Meter; readonly timeZone?: string } = {},
): Watching {
  let meterState = newMeterState(meter);
  let hour = 0;
  let ids = 0;
  let reasons: Readonly<Record<string, string>> = {};
  const said: Announcement[] = [];
  const firings: Firing[] = [];
  const alerts = new Map<string, Alert>();
  return {
    said,
    firings,
    alerts,
    meterState: () => meterState,
    reasons: () => reasons,
    read(used, overrides = {}, by = rules) {
      hour += 1;
      const reading: Reading = {
        used,
        total: 1000n,
        observedAt: new Date(november.start.getTime() + hour * 3_600_000),
        period: meter.resets ? november : null,
        ...overrides,
      };
      const step = evaluateReading(meterState, { rules: by, timeZone }, reading, () => `alert-${(ids += 1)}`);
      meterState = step.meterState;
      reasons = Object.fromEntries(step.judgements.map(({ bound, evaluation }) => [bound.rule.id, evaluation.reason]));
      const heard = step.announcements.filter(({ change }) => change !== 'closed');
      said.push(...heard);
      firings.push(...step.firings);
      for (const alert of step.alerts) alerts.set(alert.id, alert);
      return heard.map(({ change, findings }) => [change, ...findings.map((finding) => finding.condition)].join(' '));
    },
    message({ mentions = [], place = 'new' } = {}) {
      const last = said.at(-1);
      if (last === undefined) return '';
      const snapshot: AlertSnapshot = snapshotOf(last.alert, { ...last, meter, snoozed: null });
      return plainMessage(messageFor(snapshot, { timeZone, mentions, place }), { timeZone, now: last.reading.observedAt });
    },
  };
}
