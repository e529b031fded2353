/** Why the terminal did not print a message, or cannot tell whether it did. Without a full stop. */
export const TERMINAL_REASONS = {
  leaseExpired: 'It was not printed: its lease expired',
  closed: 'The terminal closed while it was printing',
  cannotLookUp: 'Printed messages cannot be looked up',
} as const;

/** The line under a message that may have been printed before. */
export const PRINTED_TWICE = '(This may be a repeat: the first print was interrupted.)';
