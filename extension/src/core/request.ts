import { isObject, isOneOf, numberIn, textIn } from './json.ts';
import { INTERVALS, type Interval } from './schedule.ts';

/** What the person asks for in the page of the extension. */
export type Request =
  | { readonly kind: 'pair'; readonly link: string }
  | { readonly kind: 'set-page'; readonly id: string; readonly page: string }
  | { readonly kind: 'set-interval'; readonly id: string; readonly every: Interval }
  | { readonly kind: 'capture' | 'pause' | 'resume' | 'remove'; readonly id: string }
  /** `capturedAt` names the text that the person saw. */
  | { readonly kind: 'approve'; readonly id: string; readonly capturedAt: number }
  | { readonly kind: 'forget' };

const OF_VENDOR = ['capture', 'pause', 'resume', 'remove'] as const;

/** Parses a message from the page of the extension; null if it is not a request. */
export function parseRequest(value: unknown): Request | null {
  if (!isObject(value)) return null;
  const { kind } = value;
  if (kind === 'forget') return { kind };
  if (kind === 'pair') {
    const link = textIn(value, 'link');
    return link === null ? null : { kind, link };
  }
  const id = textIn(value, 'id');
  if (id === null) return null;
  if (isOneOf(OF_VENDOR, kind)) return { kind, id };
  if (kind === 'set-page') {
    const page = textIn(value, 'page');
    return page === null ? null : { kind, id, page };
  }
  if (kind === 'set-interval') return isOneOf(INTERVALS, value['every']) ? { kind, id, every: value['every'] } : null;
  const capturedAt = numberIn(value, 'capturedAt');
  return kind === 'approve' && capturedAt !== null ? { kind, id, capturedAt } : null;
}
