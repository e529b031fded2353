/** How the fake Slack meets one call. Without any it is well. */
export type Behaviour =
  | { readonly kind: 'ok'; readonly delayMs?: number }
  /** `ok: false` with one of Slack's codes, and what Slack says beside it. */
  | { readonly kind: 'error'; readonly error: string; readonly messages?: readonly string[]; readonly needed?: string }
  /** HTTP 429; without Retry-After when that is null. */
  | { readonly kind: 'rate-limited'; readonly retryAfterS: number | null }
  | { readonly kind: 'status'; readonly status: number; readonly body?: string }
  /** Never answers. With `accepted`, what was asked for is done all the same. */
  | { readonly kind: 'hang'; readonly accepted?: boolean }
  /** Cuts the connection once it has read the request. With `accepted`, what was asked for is done all the same. */
  | { readonly kind: 'drop'; readonly accepted: boolean }
  /** Does it, then cuts the connection in the middle of the answer. */
  | { readonly kind: 'drop-answer' };

type Rule = { readonly method: string; readonly channel: string | null; readonly queue: Behaviour[]; always: Behaviour | null };

/** What was ordered: per method and, if given, channel. An order for the channel goes before one for the whole method. */
export class Script {
  readonly #rules: Rule[] = [];

  /** The next calls meet these, one each. */
  once(method: string, channel: string | null, behaviours: readonly Behaviour[]): void {
    this.#rule(method, channel).queue.push(...behaviours);
  }

  /** All calls meet this, after those ordered with `once`; null ends it. */
  always(method: string, channel: string | null, behaviour: Behaviour | null): void {
    this.#rule(method, channel).always = behaviour;
  }

  next(method: string, channel: string | null): Behaviour {
    const rules = [channel, null].map((one) => this.#rules.find((rule) => rule.method === method && rule.channel === one));
    for (const rule of rules) {
      const behaviour = rule?.queue.shift() ?? rule?.always;
      if (behaviour) return behaviour;
    }
    return { kind: 'ok' };
  }

  #rule(method: string, channel: string | null): Rule {
    const known = this.#rules.find((rule) => rule.method === method && rule.channel === channel);
    if (known !== undefined) return known;
    const rule: Rule = { method, channel, queue: [], always: null };
    this.#rules.push(rule);
    return rule;
  }
}
