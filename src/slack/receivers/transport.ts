import type { Receiver } from '@slack/bolt';
import type { Express } from 'express';

/**
 * The requests to `POST /slack/events` since the start. Only a signed request proves that the signing secret is right. A time is null if
 * there was no such request.
 */
export type SlackRequests = {
  readonly acceptedAt: Date | null;
  /** The latest request with a wrong signature or timestamp. Unsigned requests do not count, because anyone can send them. */
  readonly refused: { readonly at: Date; readonly why: 'signature' | 'clock' } | null;
};

/** A connection with Slack: Bolt's receiver, and a route on our HTTP server if it needs one. */
export type Transport = Receiver & {
  mount(app: Express): void;
  /** Null over a socket, where Slack sends no HTTP requests. */
  requests(): SlackRequests | null;
};
