import { REPORT_BUG } from './call-failure.ts';

/** The reason of a rejection (without a full stop) and the next step. */
type Problem = { readonly reason: string; readonly remedy: string };

const NEW_URL = 'Open the flow in Teams under Workflows, copy its URL into creditwatch.yml again, and restart.';

/** Permanent rejections of a flow, by a code of ours. */
export const WORKFLOW_REJECTIONS = {
  'not-named': { reason: 'creditwatch.yml no longer names that flow', remedy: 'Restart, or put the route back.' },
  'too-large': { reason: 'The card is too large for the flow', remedy: REPORT_BUG },
  'message-faulty': { reason: 'The flow rejected the message', remedy: REPORT_BUG },
  gone: { reason: 'The flow was deleted or turned off', remedy: NEW_URL },
  'url-rejected': { reason: 'The flow does not accept its URL', remedy: NEW_URL },
} as const satisfies Record<string, Problem>;

/** Why the outcome is unknown, or why a look-up was not possible. */
export const WORKFLOW_REASONS = {
  otherAnswer: 'The answer does not come from a flow',
  waiting: 'Creditwatch cannot ask a flow for its state, so it waits 30 s',
  cannotLookUp: 'Creditwatch cannot ask a flow what it posted',
} as const;
