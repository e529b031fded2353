import { z } from 'zod';
import { meterDetailsSchema, meterSelectorSchema, nameSchema } from '../core/meter.ts';
import { periodSpecSchema } from '../core/period.ts';
import { ruleKinds } from '../core/rules/registry.ts';
import { severitySchema } from '../core/severity.ts';

const timeZone = z.string().refine(isTimeZone, 'is an IANA time zone such as Europe/Berlin');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const users = z.array(z.string().min(1));

const fedSource = z.strictObject({
  id: nameSchema,
  kind: z.enum(['push', 'import']),
  period: periodSpecSchema.optional(),
  meters: z.record(nameSchema, meterDetailsSchema).default({}),
});

/** Polled over HTTP. This version reads the declaration and says that it does not poll yet. */
const polledSource = z.strictObject({
  id: nameSchema,
  kind: z.literal('http'),
  preset: z.string().optional(),
  method: z.string().optional(),
  url: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
  every: z.string().optional(),
  period: periodSpecSchema.optional(),
  meters: z.record(nameSchema, z.unknown()).optional(),
});

const source = z.discriminatedUnion('kind', [fedSource, polledSource], 'is push, import or http');

/** `kind` and `meters`, and beside them whatever the kind's own schema takes. */
const rule = z.looseObject({ kind: z.enum(Object.keys(ruleKinds)), meters: meterSelectorSchema.default('all') }).transform(({ kind, meters, ...written }, context) => {
  const parsed = ruleKinds[kind]?.written.safeParse(written);
  if (parsed?.success) return { kind, meters, params: parsed.data };
  for (const issue of parsed?.error.issues ?? []) context.addIssue({ ...issue, path: [...issue.path], message: issue.message });
  return z.NEVER;
});

const slackAddress = z
  .string()
  .refine((id) => !id.startsWith('#') && !id.startsWith('@'), { error: 'is a channel id such as C0123456789, not a name: open the channel details, it stands at the bottom of About', abort: true })
  .regex(/^[CGDUW][A-Z0-9]{2,}$/, 'is a Slack channel id (C… or G…) or user id (U… or W…)');

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const route = z
  .strictObject({
    slack: slackAddress.optional(),
    teams: z.string().min(1).optional(),
    meters: meterSelectorSchema.optional(),
    operations: z.boolean().default(false),
    digest: z.strictObject({ weekday: z.enum(weekdays), at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is a time such as "09:00", in quotes') }).optional(),
    mention: z.partialRecord(severitySchema, users).default({}),
  })
  .refine((one) => (one.slack === undefined) !== (one.teams === undefined), 'names exactly one of slack and teams');

const account = {
  timezone: timeZone.optional(),
  admins: users.default([]),
  sources: z.array(source).default([]),
  rules: z.array(rule).default([]),
  routes: z.array(route).default([]),
};

export const accountSchema = z.strictObject({ ...account, slackTeams: users.default([]), teamsTenants: users.default([]) });
export type AccountFile = z.infer<typeof accountSchema>;

/** The whole of creditwatch.yml. Keys are camelCase; docs/configuration.md lists them. */
export const fileSchema = z.strictObject({ ...account, allowHosts: z.array(z.string()).default([]), accounts: z.record(nameSchema, accountSchema).optional() });
export type ConfigFile = z.infer<typeof fileSchema>;
