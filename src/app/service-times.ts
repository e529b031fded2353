/** How long a service waits, in milliseconds. What is not given is as its constructor has it. */
export type ServiceTimes = {
  /** How long a wake that the queue forgot can go unnoticed. */
  readonly sweepEveryMs?: number;
  /** What is still due this long after it was woken is done by the sweep itself. */
  readonly queueGraceMs?: number;
  /** For how long a destination is held, renewed before every post; longer than a messenger's timeout. */
  readonly leaseMs?: number;
  /** Between two messages to one destination, whatever the platform takes. */
  readonly paceMs?: number;
  /** So soon a process knows of a key or an installation that another one stored. */
  readonly lookEveryMs?: number;
  /** How soon the heartbeat looks again while it sends none. */
  readonly heartbeatAgainMs?: number;
};
