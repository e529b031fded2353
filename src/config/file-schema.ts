import { z } from 'zod';
import type { Platform } from '../chat/platform.ts';
import { limitsSchema } from '../core/meters/limits.ts';
import { meterSelectorSchema, nameSchema } from '../core/meters/meter.ts';
import { retentionSchema, USUAL_RETENTION } from '../core/meters/retention.ts';
import { periodSpecSchema } from '../core/time/period-spec.ts';
import { ruleKinds } from '../core/rules/registry.ts';
import { scheduleSchema } from '../core/time/schedule.ts';
import { severitySchema } from '../core/rules/severity.ts';
import { oneOfText } from '../core/text/join-list.ts';
import { userIdSchema } from '../core/text/person.ts';
import type { DestinationAddress } from '../core/notifications/route.ts';
import { ingestKeysSchema } from './ingest-key.ts';
import { issueText } from './issue-text.ts';
import { listOf } from './list-schema.ts';
import { writtenContactsSchema, writtenMeterSchema } from './people.ts';
import { mailSourceSchema } from './mail-source.ts';
import { polledSource } from './polled-source.ts';
import { expiresSchema, polledSourceSchema } from './polled-source-schema.ts';

const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A key without a value, or with its value commented out, counts as missing. */
function groupOf<T extends z.ZodType>(element: T) {
  return z
    .record(nameSchema, element)
    .nullish()
    .transform((group) => group ?? {});
}

const ids = listOf(userIdSchema);

/** Null if the key is missing. An empty list limits access too: to the people that the file names elsewhere. */
const viewers = z
  .array(userIdSchema, 'must list people, such as [U0AB12CD3]; [] allows only admins, owners and approvers')
  .optional()
  .transform((people) => people ?? null);

const fedSource = z
  .strictObject({
    id: nameSchema,
    kind: z.enum(['push', 'import']),
    keys: ingestKeysSchema,
    period: periodSpecSchema.optional(),
    contacts: writtenContactsSchema.optional(),
    expires: expiresSchema.optional(),
    meters: groupOf(writtenMeterSchema.nullish().transform((details) => details ?? {})),
  })
  .refine(({ kind, expires }) => kind === 'push' || expires === undefined, {
    path: ['expires'],
    message: 'is for sources with a key: push and http',
  });

/** Checked here for each source, so that mistakes elsewhere in the file do not hide its mistakes. */
const httpSource = polledSourceSchema.transform((written, context) => {
  const source = polledSource(written);
  if (source.ok) return source.value;
  for (const { path, message, placeholder } of source.error)
    context.addIssue({ code: 'custom', path: [...path], message, ...(placeholder !== undefined && { params: { placeholder } }) });
  return z.NEVER;
});

const source = z.discriminatedUnion('kind', [fedSource, httpSource, mailSourceSchema], {
  error: ({ code }) => (code === 'invalid_union' ? 'must be push, import, http or mail' : undefined),
});

/** `kind` and `meters`, and the keys of the kind's own schema. */
export const ruleSchema = z
  .looseObject({ kind: z.enum(Object.keys(ruleKinds)), meters: meterSelectorSchema.default('all') })
  .transform(({ kind, meters, ...written }, context) => {
    const parsed = ruleKinds[kind]?.written.safeParse(written, { error: issueText });
    if (parsed?.success) return { kind, meters, params: parsed.data };
    for (const issue of parsed?.error.issues ?? []) context.addIssue({ ...issue, path: [...issue.path], message: issue.message });
    return z.NEVER;
  });

const routeShape = {
  meters: meterSelectorSchema.optional(),
  operations: z.boolean().default(false),
  digest: z.union([z.literal(false), scheduleSchema], 'must be { weekday: monday, at: "09:00" }, or false').optional(),
  timezone: timeZone.optional(),
  onlyIfRunningOut: z.boolean().default(false),
  recovery: z.enum(['thread', 'none']).default('thread'),
  mention: z
    .partialRecord(severitySchema, ids)
    .nullish()
    .transform((mention) => mention ?? {}),
};

type Place = DestinationAddress & { /** The written value, if the address replaces a secret. */ readonly secret: string | null };

/** A route names its destination with the key of a platform: `slack: C0123456789`. */
function routeSchema(platforms: readonly Platform[]) {
  const keys = platforms.flatMap(({ id, isPerson, route }) => (route === null ? [] : [{ id, isPerson, ...route }]));
  const shape: typeof routeShape = { ...Object.fromEntries(keys.map(({ key, written }) => [key, written.optional()])), ...routeShape };
  const placesIn = (one: object): readonly Place[] => {
    const texts = new Map(Object.entries(one).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : [])));
    return keys.flatMap(({ id, isPerson, key, addressOf }) => {
      const written = texts.get(key);
      if (written === undefined) return [];
      const address = addressOf ? addressOf(written) : written;
      return [{ kind: id, address, direct: isPerson?.(address) === true, secret: addressOf ? written : null }];
    });
  };
  return z
    .strictObject(shape)
    .refine((one) => placesIn(one).length === 1, `must name ${oneOfText(keys.map(({ key }) => key))}`)
    .transform((one, context) => {
      const [place] = placesIn(one);
      if (place !== undefined) return { ...one, place };
      // Already reported above.
      context.addIssue({ code: 'custom', message: '' });
      return z.NEVER;
    });
}

function accountShape(platforms: readonly Platform[]) {
  return {
    timezone: timeZone.optional(),
    admins: ids,
    viewers,
    ingestKeys: ingestKeysSchema,
    limits: limitsSchema.nullish(),
    sources: listOf(source),
    rules: listOf(ruleSchema),
    routes: listOf(routeSchema(platforms)),
  };
}

/** The schema of one of several accounts, which names its workspaces: `slackTeams: [T0123]`. */
export function accountSchema(platforms: readonly Platform[]) {
  const keys = platforms.flatMap(({ id, workspacesKey: key }) => (key === null ? [] : [{ id, key }]));
  const own = accountShape(platforms);
  const shape: typeof own = { ...Object.fromEntries(keys.map(({ key }) => [key, ids])), ...own };
  return z.strictObject(shape).transform((one) => {
    const written = new Map<string, unknown>(Object.entries(one));
    return { ...one, workspaces: Object.fromEntries(keys.map(({ id, key }) => [id, ids.parse(written.get(key))])) };
  });
}
export type AccountFile = z.infer<ReturnType<typeof accountSchema>>;

const hostAndPort = z
  .string()
  .refine(
    (text) => Number(/^(?:\[[0-9a-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(text)?.[1] ?? NaN) <= 65_535,
    'must be a host and its port, such as vendor.internal:8443',
  )
  .transform((host) => host.toLowerCase());

/** The schema of creditwatch.yml. Keys are camelCase; docs/configuration.md lists them. */
export function fileSchema(platforms: readonly Platform[]) {
  const one = accountSchema(platforms);
  const accounts = z
    .record(
      nameSchema,
      one.nullish().transform((account) => account ?? one.parse({})),
    )
    .refine((all) => Object.keys(all).length > 0, 'must name at least one account');
  const retention = retentionSchema.nullish().transform((written) => written ?? USUAL_RETENTION);
  return z.strictObject({ ...accountShape(platforms), allowHosts: listOf(hostAndPort), retention, accounts: accounts.optional() });
}
