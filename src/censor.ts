/** Whatever looks like a credential of a platform we speak to, wherever it stands in a text. */
const CREDENTIALS =
  /xox[a-z]-[\w-]{6,}|xapp-[\w-]{6,}|whsec_[\w+/=]{6,}|(?<=hooks\.slack\.com\/)[\w/-]+|(?<=Bearer )[\w.~+/=-]{6,}|(?<=:\/\/[^:/?#\s"]+:)[^@\s"]+(?=@)/g;

/** Shorter ones, such as the number of a team, would blot out figures. */
const SHORTEST = 8;

/**
 * Blots out what must not be shown.
 *
 * @param secrets values that never appear, also as JSON, a URL or PHP (`\/`) writes them
 */
export function createCensor(secrets: readonly string[]): (text: string) => string {
  const written = (secret: string) => {
    const inJson = JSON.stringify(secret).slice(1, -1);
    return [secret, inJson, inJson.replaceAll('/', '\\/'), encodeURIComponent(Buffer.from(secret).toString())];
  };
  // The longest first: one may be the beginning of another.
  const known = [...new Set(secrets.filter(({ length }) => length >= SHORTEST).flatMap(written))].sort((a, b) => b.length - a.length);
  return (text) => known.reduce((left, secret) => left.replaceAll(secret, '[secret]'), text.replace(CREDENTIALS, '[secret]'));
}
