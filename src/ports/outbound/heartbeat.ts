/**
 * Reports to an external monitor that the service works. Resolves to null, or to the cause of a failure as a short word for the log.
 * Never throws.
 */
export type Beat = () => Promise<string | null>;
