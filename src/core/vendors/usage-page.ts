import { pageOf } from './registry.ts';

/** Returns the address of the usage page of a source's vendor, as a person opens it; null if it is unknown. */
export function usagePageOf(source: string): string | null {
  return pageOf(source)?.url ?? null;
}
