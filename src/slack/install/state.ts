import { createHmac } from 'node:crypto';
import oauth, { type StateStore } from '@slack/oauth';

/** From the click on the address to Slack's redirect back. */
export const STATE_LASTS_S = 600;

/** True for the first to use a state. */
export type UseState = (state: string, expiresAt: Date) => Promise<boolean>;

/** Signed by all processes alike; whoever changes the client secret ends what is under way. */
export function stateSecretOf(clientSecret: string): string {
  return createHmac('sha256', clientSecret).update('creditwatch: state of an install').digest('hex');
}

/** The library's state, signed and of ten minutes, which here works once: `use` remembers it. That it came back to the browser it was given to the library checks by its cookie. */
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
