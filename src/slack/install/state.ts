import { createHmac } from 'node:crypto';
import oauth, { type StateStore } from '@slack/oauth';

/** From the first request to Slack's redirect back. */
export const STATE_LASTS_S = 600;

/** Resolves to true for the first use of a state. May throw StoreUnavailable. */
export type UseState = (state: string, expiresAt: Date) => Promise<boolean>;

/** Derives the key that signs states. It is the same in all processes. A new client secret invalidates installations in progress. */
export function stateSecretOf(clientSecret: string): string {
  return createHmac('sha256', clientSecret).update('creditwatch: state of an install').digest('hex');
}

/**
 * Creates the store of states: the library's signed states, valid for 10 minutes, which work only once here, because `use` records them.
 * The library checks with its cookie that a state comes back from the same browser.
 */
export function createStateStore(clientSecret: string, use: UseState): StateStore {
  const signed = new oauth.ClearStateStore(stateSecretOf(clientSecret), STATE_LASTS_S);
  return {
    generateStateParam: (options, now) => signed.generateStateParam(options, now),
    async verifyStateParam(now, state) {
      const options = await signed.verifyStateParam(now, state);
      if (!(await use(state, new Date(now.getTime() + STATE_LASTS_S * 1000))))
        throw new oauth.InvalidStateError('The state was used before');
      return options;
    },
  };
}
