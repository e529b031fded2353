/** `9 days`, `5 hours`: whole ones, the larger unit from two days on. */
export function age(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  if (hours >= 48) return days(Math.floor(hours / 24));
  return hours === 0 ? 'less than an hour' : `${String(hours)} ${hours === 1 ? 'hour' : 'hours'}`;
}

/** `1 day`, `3 days`. */
export function days(count: number): string {
  return `${String(count)} ${count === 1 ? 'day' : 'days'}`;
}
