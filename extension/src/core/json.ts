/** Reads values that come from outside: from storage, from an answer, from a page, or in a message. */

export type Json = Readonly<Record<string, unknown>>;

/** Whether a value is an object with fields, which a list is not. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns an object; an empty one for any other value, so that it has none of the fields that are looked for. */
export function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** Returns the text in a field; null if there is none. */
export function textIn(json: Json, name: string): string | null {
  const value = json[name];
  return typeof value === 'string' ? value : null;
}

/** Returns the finite number in a field; null if there is none. */
export function numberIn(json: Json, name: string): number | null {
  const value = json[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Returns the list of texts in a field; null if it is not a list, or something else is in it. */
export function textsIn(json: Json, name: string): readonly string[] | null {
  const value = json[name];
  return Array.isArray(value) && value.every((one): one is string => typeof one === 'string') ? value : null;
}

/** Whether a value is one of these texts. */
export function isOneOf<Value extends string>(values: readonly Value[], value: unknown): value is Value {
  return values.some((one) => one === value);
}
