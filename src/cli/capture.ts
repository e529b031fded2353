import { nameSchema } from '../core/meters/meter.ts';
import { encodePerson } from '../core/text/person.ts';
import {
  badSourceText,
  CAPTURE_WHAT,
  captureKeyText,
  listedCaptureKeyText,
  NO_CAPTURE_KEYS,
  revokedCaptureKeyText,
} from '../messages/replies/capture.ts';
import type { Administration } from '../ports/inbound/administration.ts';
import { currentOperator } from './current-operator.ts';
import type { Terminal } from './terminal.ts';
import { withAdministration } from './with-administration.ts';

type Asked = {
  readonly list: boolean;
  readonly revoke: string | null;
  readonly isNew: boolean;
  readonly account: string | null;
  readonly json: boolean;
};

/** `creditwatch capture <source...>`: makes a key that can only write pages of these sources, lists such keys, or revokes one. */
export async function capture(terminal: Terminal, sources: readonly string[], asked: Asked): Promise<void> {
  const { list, revoke, isNew, account, json } = asked;
  if ([sources.length > 0, list, revoke !== null].filter(Boolean).length !== 1) return terminal.refuse(CAPTURE_WHAT);
  const bad = sources.find((source) => !nameSchema.safeParse(source).success);
  if (bad !== undefined) return terminal.refuse(badSourceText(bad));
  await withAdministration(terminal, async (administration) => {
    if (list) return show(terminal, administration, asked);
    const actor = currentOperator();
    if (revoke !== null) {
      const revoked = await administration.revokeCaptureKey({ account, name: revoke, actor });
      if (!revoked.ok) return terminal.fail(revoked.error);
      return terminal.print(json ? JSON.stringify({ revoked: revoke }) : revokedCaptureKeyText(revoke));
    }
    const made = await administration.makeCaptureKey({
      account,
      sources: sources.map((source) => nameSchema.parse(source)),
      mayBeNew: isNew,
      actor,
    });
    if (!made.ok) return terminal.fail(made.error);
    const key = { ...made.value, sources };
    terminal.print(json ? JSON.stringify(key, null, 2) : captureKeyText(key));
  });
}

async function show(terminal: Terminal, administration: Administration, { account, json }: Asked): Promise<void> {
  const found = await administration.captureKeys({ account });
  if (!found.ok) return terminal.fail(found.error);
  const keys = found.value;
  if (json) return terminal.print(JSON.stringify({ keys: keys.map((one) => ({ ...one, by: one.by && encodePerson(one.by) })) }, null, 2));
  if (keys.length === 0) return terminal.print(NO_CAPTURE_KEYS);
  const several = new Set(keys.map((one) => one.account)).size > 1;
  for (const one of keys) terminal.print(listedCaptureKeyText({ ...one, several }));
}
