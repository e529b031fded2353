import type { Receiver } from '@slack/bolt';
import type { Express } from 'express';

/**
 * What has reached `POST /slack/events` since the start. Only a request that Slack signed proves that the signing secret is the
 * right one. Times are null until there was one.
 */
export type SlackRequests = {
  readonly acceptedAt: Date | null;
  /** The latest whose signature did not match, or whose timestamp was off; not one without a signature, which anybody can send. */
  readonly refused: { readonly at: Date; readonly why: 'signature' | 'clock' } | null;
};

/** A way for Slack to reach us: what Bolt wants of one, and a place on our HTTP server where it needs one. */
export type Transport = Receiver & {
  mount(app: Express): void;
  /** Null where we connect to Slack and it sends no requests. */
  requests(): SlackRequests | null;
};
