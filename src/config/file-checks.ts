import type { Platform } from '../chat/platform.ts';
import type { AccountFile } from './file-schema.ts';
import type { FileProblem } from './problems.ts';

const TOP_KEYS = ['sources', 'rules', 'routes', 'admins', 'viewers', 'ingestKeys'] as const;

/** Finds keys next to `accounts`, where they would belong to no account. */
export function misplaced(single: Pick<AccountFile, (typeof TOP_KEYS)[number]>): readonly FileProblem[] {
  return TOP_KEYS.filter((key) => single[key] !== null && single[key].length > 0).map((key) => ({
    path: [key],
    message: 'must not be beside accounts: move it into the account that it belongs to',
  }));
}

/** Finds sources of an account with the same id. */
export function repeatedSources({ sources }: Pick<AccountFile, 'sources'>, path: readonly PropertyKey[]): readonly FileProblem[] {
  const first = (id: string) => sources.findIndex((source) => source.id === id);
  return sources.flatMap(({ id }, index) =>
    first(id) === index
      ? []
      : [
          {
            path: [...path, 'sources', index, 'id'],
            message: `is the same as that of sources[${first(id)}]: give each source an id of its own`,
          },
        ],
  );
}

/** Finds keys that are used twice: they would not show whose readings arrive. */
export function sharedKeys(
  accounts: readonly (readonly [string, AccountFile])[],
  pathOf: (id: string) => readonly PropertyKey[],
): readonly FileProblem[] {
  const seen = new Set<string>();
  return accounts.flatMap(([id, account]) =>
    placedKeys(account).flatMap(({ key, path }): readonly FileProblem[] => {
      const repeated = seen.has(key);
      seen.add(key);
      return repeated
        ? [
            {
              path: [...pathOf(id), ...path],
              message: 'is already used elsewhere in this file: give each account and source a key of its own',
            },
          ]
        : [];
    }),
  );
}

/** Returns the keys of an account and of its sources, with their path below the account. */
function placedKeys({ ingestKeys, sources }: AccountFile): readonly { readonly key: string; readonly path: readonly PropertyKey[] }[] {
  const ofSources = sources.flatMap((source, index) =>
    source.kind === 'http' ? [] : source.keys.map((key, nth) => ({ key, path: ['sources', index, 'keys', nth] })),
  );
  return [...ingestKeys.map((key, nth) => ({ key, path: ['ingestKeys', nth] })), ...ofSources];
}

/** Finds workspaces of two accounts: they would show the credits of one account to the people of the other. */
export function sharedWorkspaces(
  accounts: readonly (readonly [string, AccountFile])[],
  platforms: readonly Platform[],
): readonly FileProblem[] {
  return platforms.flatMap(({ id: platform, workspacesKey: key }) => {
    const owners = new Map<string, string>();
    if (key === null) return [];
    return accounts.flatMap(([id, { workspaces }]) =>
      (workspaces[platform] ?? []).flatMap((workspace, index): readonly FileProblem[] => {
        const owner = owners.get(workspace);
        owners.set(workspace, owner ?? id);
        return owner === undefined || owner === id
          ? []
          : [{ path: ['accounts', id, key, index], message: `already belongs to the account ${owner}` }];
      }),
    );
  });
}
