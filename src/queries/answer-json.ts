import { isoDay } from '../core/time/local-time.ts';
import type { Alert } from '../core/alerts/alert.ts';
import type { AlertsAnswer } from './alerts.ts';
import type { HistoryAnswer } from './history.ts';
import type { Meter } from '../core/meters/meter.ts';
import { figure } from './overview-json.ts';
import type { CheckResult } from '../core/check/check.ts';

/** Builds the JSON of the answers: amounts in the meter's unit, instants in UTC, days in the account's time zone. */

type Named = Pick<Meter, 'source' | 'key' | 'label' | 'unit'>;

const named = ({ source, key, label, unit }: Named) => ({ source, meter: key, label, unit });

export function alertsJson({ open, closed }: Pick<AlertsAnswer, 'open' | 'closed'>): object {
  return {
    open: open.map(({ now, alert: { id, topic, severity, status, openedAt, acknowledged, requested } }) => ({
      ...named(now.meter),
      id,
      topic,
      severity,
      status,
      openedAt: openedAt.toISOString(),
      acknowledged: deed(acknowledged),
      requested: deed(requested),
    })),
    closed: closed.map(({ label, topic, openedAt, resolvedAt, resolution }) => ({
      label,
      topic,
      openedAt: openedAt.toISOString(),
      closedAt: resolvedAt.toISOString(),
      resolution,
    })),
  };
}

export function historyJson({ meter, rows, days: { first, last } }: HistoryAnswer): object {
  const exact = (amount: bigint) => figure(amount, meter.decimals);
  return {
    ...named(meter),
    from: isoDay(first),
    to: isoDay(last),
    consumed: exact(rows.reduce((sum, row) => sum + row.consumed, 0n)),
    days: rows.map(({ day, consumed, used, total }) => ({
      day: isoDay(day),
      consumed: exact(consumed),
      used: exact(used),
      total: total === null ? null : exact(total),
    })),
  };
}

/** Builds the JSON of a check: the verdict of each amount, with its figures. */
export function checkJson(answers: readonly { readonly meter: Meter; readonly checkResult: CheckResult }[]): object {
  return {
    answers: answers.map(({ meter, checkResult }) => {
      const exact = (amount: bigint) => figure(amount, meter.decimals);
      return {
        ...named(meter),
        amount: exact(checkResult.amount),
        verdict: checkResult.verdict,
        ...('reason' in checkResult && { reason: checkResult.reason }),
        ...('left' in checkResult && { left: exact(checkResult.left), observedAt: checkResult.observedAt.toISOString() }),
        ...('until' in checkResult && { until: checkResult.until.toISOString(), missing: exact(checkResult.missing) }),
        ...('short' in checkResult && { short: exact(checkResult.short) }),
      };
    }),
  };
}

function deed(one: Alert['acknowledged']): object | null {
  return one && { by: one.by.id, at: one.at.toISOString() };
}
