import type { AuditRow } from '../core/audit/audit.ts';
import { auditLines, NOTHING_RECORDED, olderText } from '../messages/replies/audit.ts';
import type { Administration } from '../ports/inbound/administration.ts';
import type { Terminal } from './terminal.ts';
import { currentOperator } from './current-operator.ts';
import { withAdministration } from './with-administration.ts';
import { wholeNumberText } from '../messages/replies/operations.ts';

const MOST_SHOWN = 10_000;
const ROWS_AT_ONCE = 1_000;

type Asked = { readonly account: string | null; readonly since: string | null; readonly by: string | null };

/** `creditwatch audit`: prints who did what, the newest last. */
export async function audit(
  terminal: Terminal,
  { last, json, ...asked }: Asked & { readonly last: string; readonly json: boolean },
): Promise<void> {
  const most = Number(last);
  if (!Number.isInteger(most) || most < 1 || most > MOST_SHOWN) {
    terminal.refuse(wholeNumberText('--last', MOST_SHOWN));
    return;
  }
  await withAdministration(terminal, (administration) =>
    json ? printAll(terminal, administration, asked) : printLast(terminal, administration, asked, most),
  );
}

async function printLast(terminal: Terminal, administration: Administration, asked: Asked, most: number): Promise<void> {
  const found = await administration.audit({ ...asked, actor: currentOperator(), after: null, most: most + 1 });
  if (!found.ok) return terminal.fail(found.error);
  const { rows, zones } = found.value;
  if (rows.length === 0) return terminal.print(NOTHING_RECORDED);
  for (const line of auditLines(rows.slice(-most), zones)) terminal.print(line);
  if (rows.length > most) terminal.complain(olderText(most, MOST_SHOWN));
}

/** Prints rows as they are read, so that memory use stays constant. */
async function printAll(terminal: Terminal, administration: Administration, asked: Asked): Promise<void> {
  let after = 0n;
  for (;;) {
    const found = await administration.audit({ ...asked, actor: currentOperator(), after, most: ROWS_AT_ONCE });
    if (!found.ok) return terminal.fail(found.error);
    const { rows } = found.value;
    const begin = after === 0n ? '{"entries":[' : '';
    const text = rows.map((row, index) => `${after === 0n && index === 0 ? '' : ','}\n${JSON.stringify(asJson(row))}`).join('');
    const isLast = rows.length < ROWS_AT_ONCE;
    terminal.print(`${begin}${text}${isLast ? '\n]}' : ''}`);
    if (isLast) return;
    after = rows.at(-1)?.seq ?? after;
  }
}

function asJson({ seq, at, account, actor, action, about, place, people }: AuditRow): object {
  return { seq: Number(seq), at: at.toISOString(), account, actor, action, about, place, people: people.map(({ id }) => id) };
}
