import { parse } from 'node:querystring';

/** The content type without its parameters. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

export function isForm(contentType: string | undefined): boolean {
  return mediaType(contentType) === 'application/x-www-form-urlencoded';
}

/** Slack's check of the certificate comes unsigned, and all it wants is an answer (docs.slack.dev/interactivity/implementing-slash-commands). */
export function isSslCheck(contentType: string | undefined, body: Buffer): boolean {
  return isForm(contentType) && parse(body.toString('utf8'))['ssl_check'] === '1';
}
