import { isIP } from 'node:net';
import { z } from 'zod';
import { meterDetailsSchema, nameSchema } from '../core/meters/meter.ts';
import { intervalSchema } from '../core/time/interval.ts';
import { periodSpecSchema } from '../core/time/period-spec.ts';
import { ingestKeysSchema } from './ingest-key.ts';
import { writtenContactsSchema, writtenMeterSchema } from './people.ts';
import { expiresSchema } from './polled-source-schema.ts';
import { isDomain } from '../core/text/domain.ts';
import { patternProblem } from '../core/text/notice-pattern.ts';

const EVERY = { least: '1m', leastMs: 60_000, most: '7d', mostMs: 7 * 24 * 60 * 60_000 };
const USUAL_EVERY_MS = 15 * 60_000;
const SENDER = /^[^\s<>@,;:()"\\]{0,64}@(.+)$/;
const HOST = /^[a-z0-9_.-]{1,253}$/;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);

const lower = z.string().trim().toLowerCase();
const sender = lower.refine(
  (text) => isDomain(SENDER.exec(text)?.[1] ?? ''),
  'must be an address such as billing@vendor.com, or @vendor.com for all addresses of a domain',
);
const recipient = lower.refine(
  (text) => isDomain(SENDER.exec(text)?.[1] ?? ''),
  'must be an address such as usage@example.com, or @example.com for all addresses of a domain of your own',
);
/** The largest domains in which anyone can have an address. There are more. */
const PUBLIC = new Set(
  'gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com aol.com gmx.de gmx.net gmx.com web.de t-online.de proton.me protonmail.com orange.fr free.fr mail.com zoho.com'.split(
    ' ',
  ),
);
const ownRecipient = recipient.refine(
  (text) => !(text.startsWith('@') && PUBLIC.has(text.slice(1))),
  'must not be a domain where anyone can have an address: write your own addresses there',
);
const domain = lower.refine(isDomain, 'must be a domain such as mail.vendor.com');
const secret = z.string().trim().min(1);

const imap = z
  .strictObject({
    host: lower.refine((text) => HOST.test(text) || isIP(text) !== 0, 'must be a host name such as imap.gmail.com'),
    port: z.int().min(1).max(65_535).default(993),
    user: z.string().trim().min(1).max(320),
    password: secret.optional(),
    accessToken: secret.optional(),
    folder: z.string().trim().min(1).max(500).default('INBOX'),
    tls: z.boolean().default(true),
  })
  .refine((one) => (one.password === undefined) !== (one.accessToken === undefined), {
    path: ['password'],
    message: 'must be set, or accessToken in its place: one of the two',
  })
  .refine(({ tls, host }) => tls || LOOPBACK.has(host), {
    path: ['tls'],
    message: 'must not be false: only a server on this machine may do without',
  });

const notice = z
  .strictObject({
    meter: nameSchema,
    subject: z.string().trim().min(1).max(300).optional(),
    text: z.string().trim().min(1).max(1000).optional(),
  })
  .superRefine(({ subject = null, text = null }, context) => {
    const problem = patternProblem({ subject, text });
    if (problem !== null) context.addIssue({ code: 'custom', message: PATTERN_PROBLEMS[problem] });
  });

const PATTERN_PROBLEMS = {
  unknown: 'has an unknown placeholder: there are {percent}, {used}, {left}, {total} and {any}',
  twice: 'has a placeholder twice: each figure may be named once',
  'side-by-side': 'has two placeholders side by side: there must be text between them',
  'no-figure': 'names no figure: subject or text must have {percent}, {used} or {left}',
} as const;

const meter = writtenMeterSchema.extend({
  /** Of a meter whose total is in no figures. */
  total: z.number().positive('must be above 0').max(Number.MAX_SAFE_INTEGER).optional(),
});

/** A source whose figures come from notices by mail, as it is written in creditwatch.yml. */
export const mailSourceSchema = z
  .strictObject({
    id: nameSchema,
    kind: z.literal('mail'),
    from: z.array(sender).min(1).max(50),
    to: z
      .array(ownRecipient, 'must list the addresses to which the vendor writes its notices to you: to: [usage@example.com]')
      .min(1)
      .max(50),
    authserv: lower.regex(HOST, 'must be the host that your mail server names in Authentication-Results, such as mx.google.com').optional(),
    signedBy: z.array(domain).max(20).default([]),
    imap: imap.optional(),
    keys: ingestKeysSchema,
    every: intervalSchema(EVERY).optional(),
    period: periodSpecSchema.optional(),
    contacts: writtenContactsSchema.optional(),
    expires: expiresSchema.optional(),
    meters: z
      .record(
        nameSchema,
        meter.nullish().transform((one) => one ?? {}),
      )
      .refine((meters) => Object.keys(meters).length > 0, 'must name at least one meter, which the notices are about'),
    notices: z
      .array(notice)
      .max(100)
      .nullish()
      .transform((notices) => notices ?? []),
  })
  .superRefine(({ imap: box, keys, every, authserv, meters, notices }, context) => {
    const issue = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (box === undefined && keys.length === 0) issue([], 'must have imap (a mailbox), or keys (for POST /v1/mail)');
    if (box === undefined && every !== undefined) issue(['every'], 'is for a mailbox: imap is missing');
    if (box === undefined && authserv !== undefined)
      issue(['authserv'], 'is for a mailbox: signatures of mails that come to POST /v1/mail are always verified here. Remove it');
    for (const [nth, one] of notices.entries())
      if (!Object.hasOwn(meters, one.meter)) issue(['notices', nth, 'meter'], `is not in meters of this source: ${one.meter}`);
  })
  .transform(({ imap: box, every, meters, notices, from, to, authserv, signedBy, ...source }) => ({
    ...source,
    everyMs: box === undefined ? null : (every ?? USUAL_EVERY_MS),
    mailbox: box === undefined ? null : mailboxOf(box, authserv ?? null),
    meters: Object.fromEntries(Object.entries(meters).map(([key, { total: _total, ...details }]) => [key, details])),
    rules: {
      from,
      to,
      signedBy,
      notices: notices.map(({ meter: key, subject, text }) => ({ meter: key, subject: subject ?? null, text: text ?? null })),
      meters: Object.fromEntries(
        Object.entries(meters).map(([key, { total, ...details }]) => [key, { ...meterDetailsSchema.strip().parse(details), total }]),
      ),
    },
  }));

function mailboxOf({ host, port, user, password, accessToken, folder, tls }: z.output<typeof imap>, authserv: string | null) {
  return { host, port, login: user, password: password ?? null, accessToken: accessToken ?? null, folder, authserv, isPlain: !tls };
}
