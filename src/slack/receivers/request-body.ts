import { parse } from 'node:querystring';
import { z } from 'zod';

/** The content type without its parameters. */
function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

const bodySchema = z.record(z.string(), z.unknown());

/**
 * What Slack posted: a form for commands, a form with JSON in its field `payload` for clicks, JSON for events
 * (docs.slack.dev/interactivity). Null when it is none of these.
 */
export function parseBody(contentType: string | undefined, body: Buffer): Record<string, unknown> | null {
  const text = body.toString('utf8');
  if (!isForm(contentType)) return parseJson(text);
  const form = parse(text);
  if (typeof form['payload'] === 'string') return parseJson(form['payload']);
  return bodySchema.parse({ ...form });
}

export function isForm(contentType: string | undefined): boolean {
  return mediaType(contentType) === 'application/x-www-form-urlencoded';
}

/** Slack's check of the certificate comes unsigned, and all it wants is an answer (docs.slack.dev/interactivity/implementing-slash-commands). */
export function isSslCheck(contentType: string | undefined, body: Buffer): boolean {
  return isForm(contentType) && parse(body.toString('utf8'))['ssl_check'] === '1';
}

function parseJson(text: string): Record<string, unknown> | null {
  try {
    const parsed = bodySchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
