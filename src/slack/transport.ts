import type { Receiver } from '@slack/bolt';
import type { Express } from 'express';

/** A way for Slack to reach us: what Bolt wants of one, and a place on our HTTP server where it needs one. */
export type Transport = Receiver & { mount(app: Express): void };
