import { z } from 'zod';
import { limitsSchema } from '../core/meters/limits.ts';
import { meterDetailsSchema, meterSelectorSchema, nameSchema } from '../core/meters/meter.ts';
import { periodSpecSchema } from '../core/time/period-spec.ts';
import { ruleKinds } from '../core/rules/registry.ts';
import { scheduleSchema } from '../core/time/schedule.ts';
import { contactsSchema } from '../core/meters/source.ts';
import { severitySchema } from '../core/rules/severity.ts';
import { userIdSchema } from '../core/text/user-id.ts';
import { ingestKeySchema } from './ingest-key.ts';
import { issueText } from './issue-text.ts';
import { polledSource } from './polled-source.ts';
import { polledSourceSchema } from './polled-source-schema.ts';

const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A key with nothing behind it, or with all of it commented out, is as good as none. */
function listOf<T extends z.ZodType>(element: T) {
  return z
    .array(element)
    .nullish()
    .transform((elements) => elements ?? []);
}

function groupOf<T extends z.ZodType>(element: T) {
  return z
    .record(nameSchema, element)
    .nullish()
    .transform((group) => group ?? {});
}

const ids = listOf(userIdSchema);

/** Null where the file has no such key. Present and empty limits too: to whom the file names elsewhere. */
const viewers = z
  .array(userIdSchema, 'must list people, such as [U0AB12CD3]; [] lets nobody look but admins, owners and approvers')
  .optional()
  .transform((people) => people ?? null);

/** Two while one is replaced by the other: senders change at their own time. */
const ingestKeys = listOf(ingestKeySchema).refine((keys) => keys.length <= 2, 'must have at most two: the new one and the one it replaces');

const fedSource = z.strictObject({
  id: nameSchema,
  kind: z.enum(['push', 'import']),
  keys: ingestKeys,
  period: periodSpecSchema.optional(),
  contacts: contactsSchema.optional(),
  meters: groupOf(meterDetailsSchema.nullish().transform((details) => details ?? {})),
});

/** Judged here, source by source, so that a mistake elsewhere in the file hides none of its own. */
const httpSource = polledSourceSchema.transform((written, context) => {
  const source = polledSource(written);
  if (source.ok) return source.value;
  for (const { path, message } of source.error) context.addIssue({ code: 'custom', path: [...path], message });
  return z.NEVER;
});

const source = z.discriminatedUnion('kind', [fedSource, httpSource], {
  error: ({ code }) => (code === 'invalid_union' ? 'must be push, import or http' : undefined),
});

/** `kind` and `meters`, and beside them whatever the kind's own schema takes. */
export const ruleSchema = z
  .looseObject({ kind: z.enum(Object.keys(ruleKinds)), meters: meterSelectorSchema.default('all') })
  .transform(({ kind, meters, ...written }, context) => {
    const parsed = ruleKinds[kind]?.written.safeParse(written, { error: issueText });
    if (parsed?.success) return { kind, meters, params: parsed.data };
    for (const issue of parsed?.error.issues ?? []) context.addIssue({ ...issue, path: [...issue.path], message: issue.message });
    return z.NEVER;
  });

const slackAddress = z
  .string()
  .refine((id) => !id.startsWith('#') && !id.startsWith('@'), {
    error: 'must be an id such as C0123456789, not a name: it stands at the bottom of the channel details, under About',
    abort: true,
  })
  .regex(/^[CGDUW][A-Z0-9]{2,}$/, 'must be the id of a Slack channel (C… or G…) or of a user (U… or W…)');

/** `19:…@thread.tacv2` of a channel, `19:…@thread.v2` of a group chat, `a:…` of a person. A link to a message holds `;messageid=` too, which is no part of it. */
const teamsAddress = z
  .string()
  .refine((id) => !id.startsWith('http'), {
    error: 'must be the id in the link, not the link: 19:…@thread.tacv2, with %3A as : and %40 as @',
    abort: true,
  })
  .regex(
    /^(?:19:[^\s;]+@(?:thread\.(?:tacv2|v2|skype)|unq\.gbl\.spaces)|a:\S+)$/,
    'must be the id of a Teams conversation: 19:…@thread.tacv2, from "Get link to channel"',
  );

/** Of a flow in Power Automate. Without TLS only on this machine, for a relay. */
const workflowUrl = z
  .string()
  .trim()
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && url.hostname === '127.0.0.1'));
  }, 'must be the https URL of the flow, best as ${TEAMS_WORKFLOW_URL}: whoever knows it can post');

const route = z
  .strictObject({
    slack: slackAddress.optional(),
    teams: teamsAddress.optional(),
    workflow: workflowUrl.optional(),
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
  })
  .refine(
    (one) => [one.slack, one.teams, one.workflow].filter((place) => place !== undefined).length === 1,
    'must name one of slack, teams or workflow',
  );

const account = {
  timezone: timeZone.optional(),
  admins: ids,
  viewers,
  ingestKeys,
  limits: limitsSchema.nullish(),
  sources: listOf(source),
  rules: listOf(ruleSchema),
  routes: listOf(route),
};

export const accountSchema = z.strictObject({ ...account, slackTeams: ids, teamsTenants: ids });
export type AccountFile = z.infer<typeof accountSchema>;

const accounts = z
  .record(
    nameSchema,
    accountSchema.nullish().transform((one) => one ?? accountSchema.parse({})),
  )
  .refine((all) => Object.keys(all).length > 0, 'must name at least one account');

const hostAndPort = z
  .string()
  .refine(
    (text) => Number(/^(?:\[[0-9a-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(text)?.[1] ?? NaN) <= 65_535,
    'must be a host and its port, such as vendor.internal:8443',
  )
  .transform((host) => host.toLowerCase());

/** The whole of creditwatch.yml. Keys are camelCase; docs/configuration.md lists them. */
export const fileSchema = z.strictObject({ ...account, allowHosts: listOf(hostAndPort), accounts: accounts.optional() });
