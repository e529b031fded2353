/** Tells a watcher outside that all is well. Resolves to why it could not, as a short word for the log; null when it did. Never throws. */
export type Beat = () => Promise<string | null>;
