import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { ruleKinds } from '../core/rules/registry.ts';

type JsonSchema = z.core.JSONSchema._JSONSchema;

/** Returns the keys that are allowed at a path of creditwatch.yml, by its schema: `['sources', 0]` allows `id`, `kind` and more. */
function keysAt(path: readonly PropertyKey[], file: z.ZodType): readonly string[] {
  let here = [schemaOf(file)];
  for (const [index, part] of path.entries()) {
    here = here.flatMap(alternatives).flatMap((schema) => below(schema, part));
    // The parameters of a kind are next to the keys of every rule.
    if (typeof part === 'number' && path[index - 1] === 'rules')
      here.push(...Object.values(ruleKinds).map(({ written }) => schemaOf(written)));
  }
  return [...new Set(here.flatMap(alternatives).flatMap(ownKeys))];
}

/** Returns the key that was probably meant. Null if no key is similar, or if the key is valid for another kind of source or rule. */
export function nearestKey(key: string, path: readonly PropertyKey[], file: z.ZodType): string | null {
  const known = keysAt(path, file);
  if (known.includes(key)) return null;
  const slipsTo = (one: string) => distance(key.toLowerCase(), one.toLowerCase());
  const near = known.filter((one) => slipsTo(one) <= Math.max(1, Math.floor(one.length / 2)));
  return near.sort((a, b) => slipsTo(a) - slipsTo(b))[0] ?? null;
}

function schemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  if (typeof schema === 'boolean') return [];
  return [schema, ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(alternatives)];
}

function below(schema: JsonSchema, part: PropertyKey): readonly JsonSchema[] {
  if (typeof schema === 'boolean') return [];
  if (typeof part === 'number') return schema.items === undefined ? [] : [schema.items].flat();
  const named = schema.properties?.[String(part)] ?? schema.additionalProperties;
  return named === undefined ? [] : [named];
}

function ownKeys(schema: JsonSchema): readonly string[] {
  if (typeof schema === 'boolean') return [];
  const names = typeof schema.propertyNames === 'object' ? (schema.propertyNames.enum ?? []) : [];
  return [...Object.keys(schema.properties ?? {}), ...names.map(String)];
}
