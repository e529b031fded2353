/** What the operator has to fix in a Redis that answers. `commands`, `said`: with the answer of Redis. */
export type RedisProblem =
  | { readonly kind: 'may-evict'; readonly policy: string }
  | { readonly kind: 'commands-refused'; readonly commands: readonly string[] }
  | { readonly kind: 'user-refused'; readonly said: string };

/** Says what is wrong with Redis, and the next step. */
export function redisProblemText(problem: RedisProblem): string {
  switch (problem.kind) {
    case 'may-evict':
      return `maxmemory-policy is ${problem.policy}, so Redis may drop queued jobs. Set it to noeviction.`;
    case 'commands-refused':
      return `The user of REDIS_URL may not use ${problem.commands.join(', ')}. Allow it: ACL SETUSER <user> ~bull:* &* +@all -@admin -@dangerous +info`;
    case 'user-refused':
      return `Redis refuses the user of REDIS_URL (${problem.said}). Check its name, password and rights.`;
  }
}
