import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { z } from 'zod';

/** JSON numbers with up to this many digits are exact. Larger amounts are decimal strings, as `POST /v1/usage` accepts them. */
const EXACT_DIGITS = 15;
const amount = z.string().transform((text) => (text.replace(/\D/g, '').length <= EXACT_DIGITS ? Number(text) : text));
const optional = z.string().transform((text) => (text === '' ? null : text));
/** Removes the apostrophe that keeps a spreadsheet from running a name as a formula. JSON does not need it. */
const name = z
  .string()
  .transform((text) => text.replace(/^'(?=\s*[=+\-@＝＋－＠]|[\t\r\n])|(?<=[;|,\t\r\n] {0,8})'(?=[=+\-@＝＋－＠])/gu, ''));

const rowSchema = z
  .object({
    account: name,
    source: name,
    meter: name,
    label: name,
    unit: name,
    day: z.string(),
    period_start: optional,
    period_end: optional,
    consumed: amount,
    used: amount,
    total: z
      .literal('')
      .transform(() => null)
      .or(amount),
  })
  .transform(({ period_start: periodStart, period_end: periodEnd, day, consumed, used, total, ...names }) => ({
    ...names,
    day,
    period: periodStart === null || periodEnd === null ? null : { start: periodStart, end: periodEnd },
    consumed,
    used,
    total,
  }));

/**
 * Converts the CSV of an export to JSON, `{ "rows": [ … ] }`, one row per line, as a stream.
 *
 * @throws Error if `csv` fails
 */
export async function* rowsAsJson(csv: AsyncIterable<string>): AsyncGenerator<string> {
  const parser = parse({ columns: true });
  const source = Readable.from(csv);
  source.on('error', (error) => parser.destroy(error));
  let before = '{ "rows": [\n';
  for await (const row of source.pipe(parser)) {
    yield `${before}${JSON.stringify(rowSchema.parse(row))}`;
    before = ',\n';
  }
  yield before.startsWith('{') ? '{ "rows": [] }\n' : '\n] }\n';
}
