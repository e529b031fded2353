/** Whether a text is a domain of two labels or more. */
export function isDomain(text: string): boolean {
  return /^(?=.{3,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,62}$/.test(text);
}
