/** What `register` was told, and whatever looks like a credential, as they are shown. */
const SHOWN_AS = '[secret]';

/**
 * Whatever looks like a credential of a platform we speak to, wherever it stands in a text. Lengths are bounded, so that each
 * is found in time that grows with the text alone.
 */
const CREDENTIALS: readonly RegExp[] = [
  /\bxox[a-z]-[\w-]{6,}/g,
  /\bxapp-[\w-]{6,}/g,
  /\bwhsec_[\w+/=]{6,}/g,
  // A JSON web token, as Microsoft gives out.
  /\beyJ[\w-]{8,4096}\.[\w-]{8,8192}(?:\.[\w-]{0,4096})?/g,
];

/** The same where what stands before it says so: that stays. */
const INTRODUCED: readonly RegExp[] = [
  /(hooks\.slack\.com\/)[\w/-]+/g,
  /(\bBearer )[\w.~+/=-]{6,}/gi,
  // The password of a URL, with or without a user.
  /(:\/\/[^:/?#\s"@]{0,256}:)[^@\s"/?#]{1,512}(?=@)/g,
  /([?&](?:ticket|token|access_token|client_secret|code|state|key|api_key|apikey|sig|signature|password)=)[^&\s"'#]+/gi,
];

/** Shorter ones, such as the number of a team, would blot out figures. */
const SHORTEST = 8;

export type Redactor = {
  /** From now on this value, also as JSON, a URL, PHP (`\/`) or Base64 writes it, does not appear. Shorter than 8 characters it is let through. */
  register(secret: string | null | undefined): void;
  /** The text without what was registered, and without what looks like a credential. */
  redact(text: string): string;
};

/** Blots out what must not be shown. */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const known = new Set<string>();
  let longestFirst: readonly string[] = [];
  const register = (secret: string | null | undefined): void => {
    if (secret === null || secret === undefined || secret.length < SHORTEST || known.has(secret)) return;
    for (const one of waysToWrite(secret)) known.add(one);
    // One may be the beginning of another.
    longestFirst = [...known].sort((a, b) => b.length - a.length);
  };
  for (const secret of secrets) register(secret);
  return {
    register,
    redact(text) {
      const withoutKnown = longestFirst.reduce((left, secret) => left.replaceAll(secret, SHOWN_AS), text);
      const withoutCredentials = CREDENTIALS.reduce((left, pattern) => left.replace(pattern, SHOWN_AS), withoutKnown);
      return INTRODUCED.reduce((left, pattern) => left.replace(pattern, `$1${SHOWN_AS}`), withoutCredentials);
    },
  };
}

/** The password and the user's name with it, of an address such as `DATABASE_URL`, each as written there and decoded. */
export function secretsOfUrl(url: string | null): readonly string[] {
  if (url === null || !URL.canParse(url)) return [];
  const { password, searchParams } = new URL(url);
  return [password, decoded(password), searchParams.get('password') ?? ''].filter((secret) => secret !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function waysToWrite(secret: string): readonly string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const bytes = Buffer.from(secret);
  return [
    secret,
    inJson,
    inJson.replaceAll('/', '\\/'),
    encodeURIComponent(bytes.toString()),
    bytes.toString('base64'),
    bytes.toString('base64').replace(/={1,2}$/, ''),
    bytes.toString('base64url'),
  ].filter(({ length }) => length >= SHORTEST);
}
