import type { MailSourceConfig } from './config.ts';
import type { AccountFile } from './file-schema.ts';
import type { WithWrittenPeople } from './people.ts';
import { isWithin, type UsedVariable } from './yaml.ts';

/** The parts of a mailbox that are secrets. */
const SECRET_PARTS = ['password', 'accessToken'] as const;

/** Returns the mail sources of an account, with the values that must never be shown. */
export function mailSources(
  { sources }: AccountFile,
  path: readonly PropertyKey[],
  variables: readonly UsedVariable[],
): { readonly sources: readonly WithWrittenPeople<MailSourceConfig>[]; readonly secrets: readonly string[] } {
  const read = sources.flatMap((source, index): readonly WithWrittenPeople<MailSourceConfig>[] => {
    if (source.kind !== 'mail') return [];
    const here = [...path, 'sources', index, 'imap'];
    const used = variables.filter((variable) => SECRET_PARTS.some((part) => isWithin(variable.path, [...here, part])));
    const { mailbox } = source;
    return [
      {
        ...source,
        period: source.period ?? null,
        contacts: source.contacts ?? {},
        expires: source.expires ?? null,
        mailbox: mailbox && { ...mailbox, keyVariables: [...new Set(used.map(({ name }) => name))] },
      },
    ];
  });
  const secrets = read.flatMap(({ keys, mailbox }) => [...keys, ...SECRET_PARTS.flatMap((part) => mailbox?.[part] ?? [])]);
  return { sources: read, secrets };
}
