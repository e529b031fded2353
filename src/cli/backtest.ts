import { alertHeadline } from '../messages/alerts/alert.ts';
import { matchMeters } from '../commands/match-meter.ts';
import { describeProblems } from '../config/config.ts';
import { readRule } from '../config/rule.ts';
import { backtest, type Replayed } from '../core/alerts/backtest.ts';
import { DAY_MS } from '../core/time/local-time.ts';
import { DEFAULT_ACCOUNT, selects } from '../core/meters/meter.ts';
import { figure } from '../queries/overview-json.ts';
import { rulesFor, bindRules } from '../core/rules/registry.ts';
import { backtestMessage } from '../messages/replies/backtest.ts';
import { plainRichText } from '../messages/text/plain.ts';
import { systemClock } from '../app/system-clock.ts';
import { configure } from './configure.ts';
import { printMessage, type Terminal } from './terminal.ts';
import { currentOperator } from './current-operator.ts';
import { withDatabase } from './with-database.ts';
import { noMeterFor, wholeNumberText } from '../messages/replies/operations.ts';

const MOST_DAYS = 3650;

/**
 * `creditwatch backtest [rule]`: prints when a rule would have fired on the stored readings. Without a rule, it uses the rules in force.
 */
export async function runBacktest(
  terminal: Terminal,
  written: string | null,
  { meter, days: asked, json }: { readonly meter: string | null; readonly days: string; readonly json: boolean },
): Promise<void> {
  const config = configure(terminal);
  if (config === null) return;
  const days = Number(asked);
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) return terminal.refuse(wholeNumberText('--days', MOST_DAYS));
  const read = written === null ? null : readRule(written);
  if (read?.ok === false) return terminal.refuse(describeProblems(read.error));
  const [account] = config.accounts;
  const id = account?.id ?? DEFAULT_ACCOUNT;
  await withDatabase(terminal, config, async ({ store }) => {
    const [all, declared] = await Promise.all([store.meters(id), store.rules(id)]);
    const rule = read && {
      id: 'backtest',
      kind: read.value.kind,
      version: 1,
      meters: read.value.meters,
      params: read.value.params,
      origin: 'file' as const,
    };
    const bound = bindRules(rule ? [rule] : declared);
    const named =
      meter === null
        ? all.map((one) => one.meter)
        : matchMeters(
            meter,
            all.map((one) => one.meter),
          );
    const meant = named.filter((one) => rule === null || selects(rule.meters, one));
    if (meant.length === 0) return terminal.fail(noMeterFor(meter, rule !== null && rule.meters !== 'all'));
    const now = systemClock.now();
    await store.audit.record(id, { action: 'figures-read', actor: currentOperator(), about: { command: 'backtest' } }, now);
    const since = new Date(now.getTime() - days * DAY_MS);
    const timeZone = account?.timeZone ?? 'UTC';
    const replayed: Replayed[] = [];
    let earliest = now;
    for (const one of meant) {
      const readings = await store.readings(one.id, since, new Date(now.getTime() + 1));
      const [first] = readings;
      if (first && first.observedAt < earliest) earliest = first.observedAt;
      replayed.push(...backtest(rule ? bound : rulesFor(one, bound), one, readings, timeZone));
    }
    replayed.sort((a, b) => a.reading.observedAt.getTime() - b.reading.observedAt.getTime());
    if (json) return terminal.print(JSON.stringify({ days, meters: meant.length, alerts: replayed.map(replayedJson) }, null, 2));
    printMessage(
      terminal,
      backtestMessage(replayed, {
        days,
        meters: meant.length,
        since: earliest.getTime() - since.getTime() > DAY_MS ? earliest : null,
        timeZone,
      }),
      timeZone,
    );
  });
}

function replayedJson({ meter, reading, severity, findings }: Replayed): object {
  const { source, key, label, decimals } = meter;
  const { used, total, observedAt } = reading;
  return {
    source,
    meter: key,
    label,
    severity,
    observedAt: observedAt.toISOString(),
    used: figure(used, decimals),
    total: total === null ? null : figure(total, decimals),
    says: plainRichText(alertHeadline({ findings: [...findings], meter, reading }), { timeZone: 'UTC', now: observedAt }),
  };
}
