import { earlierKeyText, keyText, keyTitle, NEW_KEY, NO_KEY_YET, NOW_NEEDS_ROTATE, retiredText } from '../messages/replies/keys.ts';
import type { Administration } from '../ports/inbound/administration.ts';
import { signingSecret } from '../sources/push/signature.ts';
import { currentOperator } from './current-operator.ts';
import { withAdministration } from './with-administration.ts';
import type { Terminal } from './terminal.ts';

type Asked = { readonly account: string | null; readonly now: boolean; readonly json: boolean };

/** `creditwatch key [rotate|retire]`: shows the ingest keys, makes a new one, or ends earlier ones. */
export async function key(terminal: Terminal, action: string | null, asked: Asked): Promise<void> {
  if (asked.now && action !== 'rotate') {
    terminal.refuse(NOW_NEEDS_ROTATE);
    return;
  }
  await withAdministration(terminal, (administration) =>
    action === 'rotate'
      ? rotate(terminal, administration, asked)
      : action === 'retire'
        ? retire(terminal, administration, asked)
        : show(terminal, administration, asked),
  );
}

async function show(terminal: Terminal, administration: Administration, { account, json }: Asked): Promise<void> {
  const found = await administration.keys({ account, actor: currentOperator() });
  if (!found.ok) return terminal.fail(found.error);
  const keys = found.value;
  if (json)
    return terminal.print(JSON.stringify({ keys: keys.map((one) => ({ ...one, webhookSecret: signingSecret(one.key) })) }, null, 2));
  if (keys.length === 0) return terminal.fail(NO_KEY_YET);
  const several = new Set(keys.map((one) => one.account)).size > 1;
  for (const one of keys) terminal.print(keyText(keyTitle(one, several), one.key, signingSecret(one.key)));
}

async function rotate(terminal: Terminal, administration: Administration, { account, now, json }: Asked): Promise<void> {
  const rotated = await administration.rotateKey({ account, atOnce: now, actor: currentOperator() });
  if (!rotated.ok) return terminal.fail(rotated.error);
  const { value } = rotated;
  const webhookSecret = signingSecret(value.key);
  if (json) return terminal.print(JSON.stringify({ ...value, webhookSecret }, null, 2));
  terminal.print(keyText(NEW_KEY, value.key, webhookSecret));
  terminal.print(earlierKeyText(value.earlierUntil));
}

async function retire(terminal: Terminal, administration: Administration, { account, json }: Asked): Promise<void> {
  const ended = await administration.retireKeys({ account, actor: currentOperator() });
  if (!ended.ok) return terminal.fail(ended.error);
  terminal.print(json ? JSON.stringify({ ended: ended.value }) : retiredText(ended.value));
}
