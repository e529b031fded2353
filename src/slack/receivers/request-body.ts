import { parse } from 'node:querystring';

/** Returns the media type without its parameters. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Whether the body is a URL-encoded form. */
export function isForm(contentType: string | undefined): boolean {
  return mediaType(contentType) === 'application/x-www-form-urlencoded';
}

/**
 * Whether the request is Slack's check of the certificate, which is unsigned and needs only an answer
 * (docs.slack.dev/interactivity/implementing-slash-commands).
 */
export function isSslCheck(contentType: string | undefined, body: Buffer): boolean {
  return isForm(contentType) && parse(body.toString('utf8'))['ssl_check'] === '1';
}
