import { earlierKeyText, instantText, keyText, retiredText } from '../core/words/keys.ts';
import type { Administration, ShownKey } from '../ports/administration.ts';
import { signingSecret } from '../sources/push/signature.ts';
import { EXIT_USAGE, fail } from './configure.ts';
import { complain, print } from './terminal.ts';
import { withAdministration } from './with-administration.ts';

type Asked = { readonly account: string | null; readonly now: boolean; readonly json: boolean };

/** `creditwatch key [rotate|retire]`: shows the ingest keys, makes a new one, or ends those before it. */
export async function key(action: string | null, asked: Asked): Promise<void> {
  if (asked.now && action !== 'rotate') {
    complain('--now goes with: npx creditwatch key rotate --now');
    process.exitCode = EXIT_USAGE;
    return;
  }
  await withAdministration((administration) =>
    action === 'rotate' ? rotate(administration, asked) : action === 'retire' ? retire(administration, asked) : show(administration, asked),
  );
}

async function show(administration: Administration, { account, json }: Asked): Promise<void> {
  const found = await administration.keys({ account });
  if (!found.ok) return fail(found.error);
  const keys = found.value;
  if (json) return print(JSON.stringify({ keys: keys.map((one) => ({ ...one, webhookSecret: signingSecret(one.key) })) }, null, 2));
  if (keys.length === 0) return fail('There is no ingest key yet: the next start makes one.');
  const several = new Set(keys.map((one) => one.account)).size > 1;
  for (const one of keys) print(keyText(titleOf(one, several), one.key, signingSecret(one.key)));
}

function titleOf({ account, source, from, until }: ShownKey, several: boolean): string {
  const whose = `${several ? ` of ${account}` : ''}${source === null ? '' : ` for the source ${source}`}`;
  const which = until !== null ? `, replaced, works until ${instantText(until)}` : from === 'database' ? '' : `, from ${from}`;
  return `${until === null ? 'Ingest key' : 'Earlier key'}${whose}${which}`;
}

async function rotate(administration: Administration, { account, now, json }: Asked): Promise<void> {
  const rotated = await administration.rotateKey({ account, atOnce: now });
  if (!rotated.ok) return fail(rotated.error);
  const { value } = rotated;
  const webhookSecret = signingSecret(value.key);
  if (json) return print(JSON.stringify({ ...value, webhookSecret }, null, 2));
  print(keyText('New ingest key', value.key, webhookSecret));
  print(earlierKeyText(value.earlierUntil));
}

async function retire(administration: Administration, { account, json }: Asked): Promise<void> {
  const ended = await administration.retireKeys({ account });
  if (!ended.ok) return fail(ended.error);
  print(json ? JSON.stringify({ ended: ended.value }) : retiredText(ended.value));
}
