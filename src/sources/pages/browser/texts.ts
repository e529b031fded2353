/** A text that the script shows. The server sends them all with the page, because texts are in `src/messages`. */
export type TextName =
  | 'popUpBlocked'
  | 'copied'
  | 'badLink'
  | 'damagedLink'
  | 'noStorage'
  | 'replaces'
  | 'cutOff'
  | 'needsHttps'
  | 'tooLong'
  | 'unreachable'
  | 'from'
  | 'typedFrom'
  | 'otherHost'
  | 'asking'
  | 'understoodOne'
  | 'understoodMany'
  | 'notUnderstood'
  | 'storedOne'
  | 'storedMany'
  | 'known'
  | 'older'
  | 'more'
  | 'noTotal'
  | 'left'
  | 'forgotten';

/** Returns a text by its name, with values in place of `{name}`. */
export type TextOf = (name: TextName, values?: Readonly<Record<string, string>>) => string;

/** Reads the texts that came with the page. */
export function readTexts(json: string): TextOf {
  const sent: unknown = JSON.parse(json);
  const texts = new Map<string, unknown>(Object.entries(typeof sent === 'object' && sent !== null ? sent : {}));
  return (name, values = {}) => {
    const text = texts.get(name);
    return (typeof text === 'string' ? text : name).replace(/\{(\w+)\}/g, (_whole, key: string) => values[key] ?? '');
  };
}
