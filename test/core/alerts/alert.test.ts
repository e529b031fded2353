import { describe, expect, test } from 'vitest';
import { advanceAlert, type Alert, type RuleVerdict } from '../../../src/core/alerts/alert.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 10, 2, hour));
const verdict = (
  ruleId: string,
  fired: readonly (readonly [string, 'warning' | 'critical'])[],
  cleared: readonly string[] = [],
): RuleVerdict => ({
  ruleId,
  ruleVersion: 1,
  fired: fired.map(([condition, severity]) => ({ kind: ruleId, condition, severity, detail: {} })),
  cleared,
});
const nothing = (ruleId: string) => verdict(ruleId, []);

/** Walks one alert through what its rules say, an hour apart; the last step is what is announced. */
function walk(steps: readonly (readonly RuleVerdict[])[]) {
  let alert: Alert | null = null;
  return steps
    .map((verdicts, hour) => {
      const step = advanceAlert(alert, verdicts, 'running-out', { observedAt: at(hour), total: 1000n }, () => 'alert-1');
      ({ alert } = step);
      return step.announce;
    })
    .at(-1);
}

describe('how long it was over', () => {
  test('is counted from when the worst level that held was reached, not from the milder one before it', () => {
    expect(
      walk([
        [verdict('threshold', [['used:80%', 'warning']])],
        [verdict('threshold', [['used:100%', 'critical']])],
        [verdict('threshold', [], ['used:80%', 'used:100%'])],
      ]),
    ).toEqual({ change: 'recovered', findings: [], overSince: at(1) });
  });

  test('begins with the level, not with the forecast that said so before', () => {
    const foreseen = [verdict('forecast', [['runs-out', 'warning']]), nothing('threshold')];
    const crossed = [nothing('forecast'), verdict('threshold', [['used:80%', 'warning']])];
    expect(walk([foreseen, crossed, [verdict('forecast', [], ['runs-out']), verdict('threshold', [], ['used:80%'])]])).toMatchObject({
      overSince: at(1),
    });
    expect(walk([foreseen, [verdict('forecast', [], ['runs-out']), nothing('threshold')]])).toMatchObject({
      change: 'recovered',
      overSince: null,
    });
  });
});
