import type { Asker } from '../../ports/answer.ts';
import type { StandingOf } from '../people.ts';

type Who = { readonly account: string; readonly user: string; readonly channel: string; readonly invokedAs: string };

/** Of a direct message the person is the place: its channel is of no use to anybody else. */
export function askerOf({ account, user, channel, invokedAs }: Who, standingOf: StandingOf): Asker {
  const direct = channel.startsWith('D');
  return {
    account,
    platform: 'slack',
    user,
    invokedAs,
    place: { kind: 'slack', address: direct ? user : channel },
    direct,
    isPlatformAdmin: async () => (await standingOf(user))?.admin ?? false,
    isGuest: async () => (await standingOf(user))?.guest ?? false,
  };
}
