/** Replaces registered values and everything that looks like a credential. */
const SHOWN_AS = '[secret]';

/**
 * Credentials of the platforms that Creditwatch connects to, anywhere in a text. Lengths are bounded, so that the search time grows
 * linearly with the text.
 */
const CREDENTIALS: readonly RegExp[] = [
  /\bxox[a-z]-[\w-]{6,}/g,
  /\bxapp-[\w-]{6,}/g,
  /\bwhsec_[\w+/=]{6,}/g,
  // A JSON web token, as Microsoft issues it.
  /\beyJ[\w-]{8,4096}\.[\w-]{8,8192}(?:\.[\w-]{0,4096})?/g,
];

/** Credentials that the text before them announces. That text stays. */
const INTRODUCED: readonly RegExp[] = [
  /(hooks\.slack\.com\/)[\w/-]+/g,
  /(\bBearer )[\w.~+/=-]{6,}/gi,
  // The password of a URL, with or without a user.
  /(:\/\/[^:/?#\s"@]{0,256}:)[^@\s"/?#]{1,512}(?=@)/g,
  /([?&](?:ticket|token|access_token|client_secret|code|state|key|api_key|apikey|sig|signature|password)=)[^&\s"'#]+/gi,
];

/** Shorter values, such as the number of a team, would redact ordinary figures. */
const SHORTEST = 8;

export type Redactor = {
  /** Redacts this value from now on, also as JSON, URL, PHP (`\/`) or Base64 encode it. Values shorter than 8 characters are ignored. */
  register(secret: string | null | undefined): void;
  /** Returns the text without registered values and without anything that looks like a credential. */
  redact(text: string): string;
};

/** Creates a redactor for logs and messages. */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const known = new Set<string>();
  let longestFirst: readonly string[] = [];
  const register = (secret: string | null | undefined): void => {
    if (secret === null || secret === undefined || secret.length < SHORTEST || known.has(secret)) return;
    for (const one of waysToWrite(secret)) known.add(one);
    // Longest first, because one value may be the beginning of another.
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

/** Returns the password of a URL such as `DATABASE_URL`, alone and with the user name, each as written and decoded. */
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
