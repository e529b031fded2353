/**
 * Formats a date in a message as Slack shows it to a reader in this zone with a 12-hour clock (docs.slack.dev, "Formatting message
 * text", dates).
 */
export function slackDate(format: string, at: Date, now: Date, timeZone: string): string {
  return format.replaceAll(/\{(\w+)\}/g, (unknown, name: string) => {
    if (name === 'time') return new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit', timeZone }).format(at);
    if (name === 'date') return longDate(at, now, timeZone);
    if (name === 'date_pretty') return near(at, now, timeZone) ?? longDate(at, now, timeZone);
    return unknown;
  });
}

const DAY_MS = 86_400_000;

function near(at: Date, now: Date, timeZone: string): string | null {
  const day = (instant: number) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(instant);
  const names = [
    ['yesterday', -DAY_MS],
    ['today', 0],
    ['tomorrow', DAY_MS],
  ] as const;
  return names.find(([, distance]) => day(now.getTime() + distance) === day(at.getTime()))?.[0] ?? null;
}

/** `December 1st`; with the year only if the date is more than half a year away. */
function longDate(at: Date, now: Date, timeZone: string): string {
  const part = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-US', { ...options, timeZone }).format(at);
  const day = Number(part({ day: 'numeric' }));
  const suffix = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' }[
    new Intl.PluralRules('en', { type: 'ordinal' }).select(day)
  ];
  const isNear = Math.abs(at.getTime() - now.getTime()) < 182 * DAY_MS;
  return `${part({ month: 'long' })} ${String(day)}${suffix}${isNear ? '' : `, ${part({ year: 'numeric' })}`}`;
}
