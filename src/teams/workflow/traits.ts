/**
 * Shared by the messenger and the descriptor of flows. A flow has the limit of any app in a channel: on average one message every 2 s over
 * an hour.
 */
export const WORKFLOW = {
  id: 'workflow',
  paceMs: 2000,
  can: { edit: false, reply: false, find: false },
} as const;
