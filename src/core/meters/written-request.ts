import { z } from 'zod';
import { fillPlaceholders } from './placeholder.ts';

const name = z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'must begin with a small letter and have only letters and digits, such as teamId');

/** Names that stand for something else in requests and expressions. */
const RESERVED = 'key token jwt item page headers now today tomorrow monthStart nextMonth periodStart periodEnd'.split(' ');

/** JSONata's functions (docs.jsonata.org), which the answer of a request with such a name would hide. */
const FUNCTIONS = (
  'string length substring substringBefore substringAfter uppercase lowercase trim pad contains split join match replace eval number floor ceil ' +
  'round abs sqrt power random boolean not exists count append sort reverse shuffle distinct zip sum max min average map filter single ' +
  'reduce sift keys lookup spread merge each error assert type millis fromMillis toMillis clone'
).split(' ');

/** The name of a value or an earlier request. */
export const requestNameSchema = name.refine(
  (text) => !RESERVED.includes(text) && !FUNCTIONS.includes(text),
  'has a meaning of its own: choose another name',
);

/** Whether a text is an HTTP URL once its placeholders are filled in. */
function isUrl(text: string, protocols: readonly string[]): boolean {
  const filled = fillPlaceholders(text, () => 'x');
  return URL.canParse(filled) && protocols.includes(new URL(filled).protocol);
}

/** A URL with placeholders, over HTTPS alone or over either. */
const urlTemplate = (protocols: readonly string[]) =>
  z
    .string()
    .trim()
    .refine(
      (text) => isUrl(text, protocols),
      `must be a URL that begins with ${protocols
        .toReversed()
        .map((one) => `${one}//`)
        .join(' or ')}`,
    )
    .refine(
      (text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''),
      'must not hold a name and password: put them into headers',
    );

const headersSchema = z.record(
  z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not a name of a header'),
  z
    .string()
    .trim()
    .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'must be one line of text'),
);

/** Some vendors leave one of them empty. */
const basicSchema = z.strictObject({ user: z.string().default(''), password: z.string().default('') });

/**
 * The keys of a request, as a preset or creditwatch.yml writes them.
 *
 * @param protocols the protocols that are allowed, such as `https:`
 */
export function requestKeys(protocols: readonly string[]) {
  return {
    method: z.enum(['GET', 'POST']).optional(),
    url: urlTemplate(protocols).optional(),
    headers: headersSchema.optional(),
    /** Text as it stands, or keys that become JSON. */
    body: z.json().optional(),
    /** Fields of a form, in place of a body. */
    form: z.record(z.string(), z.string()).optional(),
    /** HTTP Basic authentication. */
    basic: basicSchema.optional(),
  };
}

const MOST_REQUESTS = 5;
const seconds = z
  .number()
  .int()
  .min(1)
  .max(366 * 86_400);

/**
 * The keys of a source that needs more than one request.
 *
 * @param expression the schema of a JSONata expression
 */
export function furtherKeys(protocols: readonly string[], expression: z.ZodType<string, string>) {
  const request = { ...requestKeys(protocols), url: urlTemplate(protocols) };
  return {
    /** Values for `{{name}}`, such as an account or a host. */
    values: z.record(requestNameSchema, z.string().trim().min(1)).optional(),
    answer: z.enum(['json', 'text', 'lines']).optional(),
    acceptStatus: z.array(z.int().min(300).max(599)).max(20).optional(),
    answerMiB: z.number().positive().max(8).optional(),
    token: z
      .strictObject({
        ...request,
        token: expression.default('access_token'),
        expiresIn: z.union([seconds, expression]).default('expires_in'),
        jwt: z
          .strictObject({
            algorithm: z.enum(['RS256', 'ES256', 'HS256']).default('RS256'),
            key: z.string().min(1).default('{{key}}'),
            claims: z.record(z.string(), z.string()),
            seconds: seconds.default(600),
          })
          .optional(),
      })
      .optional(),
    requests: z
      .record(requestNameSchema, z.strictObject({ ...request, values: z.record(requestNameSchema, expression).optional() }))
      .refine((requests) => Object.keys(requests).length <= MOST_REQUESTS, `must not have more than ${String(MOST_REQUESTS)}`)
      .optional(),
    items: z.strictObject({ of: expression, most: z.int().min(1).max(100).default(50) }).optional(),
    pages: z
      .strictObject({ next: expression, first: z.union([z.string(), z.number()]).default(''), most: z.int().min(1).max(100).default(20) })
      .optional(),
  };
}

/** A request as it is written. */
export type WrittenRequest = z.infer<z.ZodObject<ReturnType<typeof requestKeys>>>;
/** All requests of a source as they are written. */
export type WrittenRequests = WrittenRequest & z.infer<z.ZodObject<ReturnType<typeof furtherKeys>>>;
