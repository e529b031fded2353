import { earlierKeyText, instantText, keyText, retiredText } from '../messages/replies/keys.ts';
import type { Administration, ShownKey } from '../ports/inbound/administration.ts';
import { signingSecret } from '../sources/push/signature.ts';
import { userName } from './user-name.ts';
import { withAdministration } from './with-administration.ts';
import type { Terminal } from './terminal.ts';

type Asked = { readonly account: string | null; readonly now: boolean; readonly json: boolean };

/** `creditwatch key [rotate|retire]`: shows the ingest keys, makes a new one, or ends earlier ones. */
export async function key(terminal: Terminal, action: string | null, asked: Asked): Promise<void> {
  if (asked.now && action !== 'rotate') {
    terminal.refuse('--now works only with rotate: npx creditwatch key rotate --now');
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
  const found = await administration.keys({ account, user: userName() });
  if (!found.ok) return terminal.fail(found.error);
  const keys = found.value;
  if (json)
    return terminal.print(JSON.stringify({ keys: keys.map((one) => ({ ...one, webhookSecret: signingSecret(one.key) })) }, null, 2));
  if (keys.length === 0) return terminal.fail('There is no ingest key yet. The next start makes one.');
  const several = new Set(keys.map((one) => one.account)).size > 1;
  for (const one of keys) terminal.print(keyText(titleOf(one, several), one.key, signingSecret(one.key)));
}

function titleOf({ account, source, from, until }: ShownKey, several: boolean): string {
  const whose = `${several ? ` of ${account}` : ''}${source === null ? '' : ` for the source ${source}`}`;
  const which = until !== null ? `, replaced, works until ${instantText(until)}` : from === 'database' ? '' : `, from ${from}`;
  return `${until === null ? 'Ingest key' : 'Earlier key'}${whose}${which}`;
}

async function rotate(terminal: Terminal, administration: Administration, { account, now, json }: Asked): Promise<void> {
  const rotated = await administration.rotateKey({ account, atOnce: now, user: userName() });
  if (!rotated.ok) return terminal.fail(rotated.error);
  const { value } = rotated;
  const webhookSecret = signingSecret(value.key);
  if (json) return terminal.print(JSON.stringify({ ...value, webhookSecret }, null, 2));
  terminal.print(keyText('New ingest key', value.key, webhookSecret));
  terminal.print(earlierKeyText(value.earlierUntil));
}

async function retire(terminal: Terminal, administration: Administration, { account, json }: Asked): Promise<void> {
  const ended = await administration.retireKeys({ account, user: userName() });
  if (!ended.ok) return terminal.fail(ended.error);
  terminal.print(json ? JSON.stringify({ ended: ended.value }) : retiredText(ended.value));
}
