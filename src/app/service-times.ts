/** The times of a service, in milliseconds. A missing one has the default of its constructor. */
export type ServiceTimes = {
  /** How long a wake that the queue lost can go unnoticed. */
  readonly sweepEveryMs?: number;
  /** Work that is still due this long after its wake is done by the sweep itself. */
  readonly queueGraceMs?: number;
  /** How long the lease of a destination lasts after its last renewal. */
  readonly leaseMs?: number;
  /** The pause between two messages to one destination, in place of the platform's. */
  readonly paceMs?: number;
  /** How soon a process sees a key or an installation that another process stored. */
  readonly lookEveryMs?: number;
  /** How soon after the start the first old data is deleted. */
  readonly retentionAfterMs?: number;
  /** How soon the heartbeat checks again while it is paused. */
  readonly heartbeatAgainMs?: number;
  /** How often notices of posted mails that wait for a total are tried again. */
  readonly noticesAgainMs?: number;
};
