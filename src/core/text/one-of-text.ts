/** `web`, `web or worker`, `one of all, web or worker`. */
export function oneOfText(values: readonly string[]): string {
  if (values.length < 3) return values.join(' or ');
  return `one of ${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`;
}
