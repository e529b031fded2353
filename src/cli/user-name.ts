import { userInfo } from 'node:os';
import type { Actor } from '../core/audit/audit.ts';
import { TERMINAL } from '../core/notifications/route.ts';

/** Returns the login name of the user. In a container, the user may have only a number. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${String(process.getuid?.() ?? 'unknown')}`;
  }
}

/** Returns the user as an actor for the audit log. */
export function actorHere(): Actor {
  return { platform: TERMINAL.kind, id: userName() };
}
