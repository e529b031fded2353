import { userInfo } from 'node:os';
import { TERMINAL } from '../core/notifications/route.ts';
import type { Person } from '../core/text/person.ts';

/** Returns the person who typed the command: a person of the terminal, known by the login name. In a container, a user may have only a number. */
export function currentOperator(): Person {
  return { platform: TERMINAL.kind, id: loginName() };
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${String(process.getuid?.() ?? 'unknown')}`;
  }
}
