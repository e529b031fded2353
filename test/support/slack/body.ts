import { z } from 'zod';

const recordSchema = z.record(z.string(), z.unknown());

/** The arguments of a call: JSON, or a form whose structured fields are JSON again (docs.slack.dev/apis/web-api). */
export function parseSlackBody(contentType: string | undefined, body: Buffer): Readonly<Record<string, unknown>> {
  const text = body.toString('utf8');
  if (contentType?.startsWith('application/json')) return recordSchema.parse(JSON.parse(text));
  return Object.fromEntries([...new URLSearchParams(text)].map(([name, value]) => [name, unpacked(value)]));
}

function unpacked(value: string): unknown {
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
