/** The same of flows. A flow posts with the limits of any app in a channel: at most one message every two seconds over an hour. */
export const WORKFLOW = {
  id: 'workflow',
  paceMs: 2000,
  can: { edit: false, reply: false, find: false },
} as const;
