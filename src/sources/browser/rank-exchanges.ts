import { parsedJson } from '../../core/parsed-json.ts';
import type { Exchange } from './har.ts';
import { proposeMeters, type Proposal } from './propose-meters.ts';
import { templateOf, type RequestTemplate } from './request-template.ts';
import type { MayHold } from './variables.ts';
import { vendorName } from './vendor-name.ts';

/** An answer that looks like usage, with the request that got it. */
export type UsageExchange = Exchange & { readonly template: RequestTemplate; readonly proposal: Proposal };

/**
 * Returns the exchanges whose answers look like usage, the most likely first. Of the same request, only the last answer.
 *
 * @param now when the answer was given, if the file does not say
 * @param mayHold whether a name of a variable is not in use for something else
 * @param name the name of the vendor; null for that of its host
 */
export function rankExchanges(
  exchanges: readonly Exchange[],
  { now, mayHold, name = null }: { readonly now: Date; readonly mayHold: MayHold; readonly name?: string | null },
): readonly UsageExchange[] {
  const byRequest = new Map<string, UsageExchange>();
  for (const exchange of exchanges) {
    const answer = parsedJson(exchange.answer.text);
    if (answer === undefined) continue;
    const { hostname } = new URL(exchange.request.url);
    const vendor = name ?? vendorName(hostname);
    const proposal = proposeMeters(answer, { vendor, at: exchange.at ?? now });
    if (proposal.meters.length === 0) continue;
    const template = templateOf(exchange.request, mayHold, vendor);
    byRequest.set(JSON.stringify([hostname, template.method, template.url, template.body]), { ...exchange, template, proposal });
  }
  return [...byRequest.values()].toSorted((a, b) => b.proposal.score - a.proposal.score);
}
