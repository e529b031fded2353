import { userInfo } from 'node:os';
import type { Actor } from '../core/audit/audit.ts';
import { TERMINAL } from '../core/notifications/route.ts';

/** Who types here, by the login name. In a container the user may have a number and no name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${String(process.getuid?.() ?? 'unknown')}`;
  }
}

/** The same for the record. */
export function actorHere(): Actor {
  return { platform: TERMINAL.kind, id: userName() };
}
