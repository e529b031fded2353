import type { UndeliveredSnapshot, UndeliveredEnd } from '../../core/notifications/notification.ts';
import { usualPlatformName, type DestinationAddress } from '../../core/notifications/route.ts';
import { withoutPercentSpace } from '../text/percent.ts';
import type { Message } from '../../core/text/message.ts';
import { code, placeNamed, richText, strong, type RichText } from '../../core/text/rich-text.ts';

/** Reports messages to operations that were not delivered, or may not have been: their text, their destination and the reason. */
export function undeliveredMessage({ platform, platformName, messages, deliveries }: UndeliveredSnapshot): Message {
  const name = platformName ?? usualPlatformName(platform);
  const count = deliveries.length;
  const several = count === 1 ? '1 message' : `${String(count)} messages`;
  const isUnknown = messages.every(({ ended }) => ended === 'unknown');
  const title = isUnknown
    ? richText`⚠️ ${strong(`${several} may not have arrived`)} in ${name}`
    : richText`⚠️ ${strong(`${several} did not arrive`)} in ${name}`;
  const more = count - messages.length;
  return {
    summary: title,
    title,
    lines: [
      ...messages.map(({ said, ...one }) => undeliveredLine({ ...one, said: richText`${withoutPercentSpace(said)}` })),
      ...(more > 0 ? [richText`+${String(more)} more`] : []),
      richText`I won't send them again. Tell the people there what they missed. ${code('/usage alerts')} lists them for 7 days.`,
    ],
  };
}

/** One undelivered message: its destination, its text, and how its delivery ended. */
export function undeliveredLine({
  place,
  said,
  ended,
  reason,
}: {
  readonly place: DestinationAddress;
  readonly said: RichText;
  readonly ended: UndeliveredEnd;
  readonly reason: string;
}): RichText {
  return richText`${placeNamed(place)}: “${said}” ${ENDS[ended]}${reason === '' ? '' : ` (${reason})`}`;
}

const ENDS: Readonly<Record<UndeliveredEnd, string>> = {
  unknown: 'may not have arrived: it was never confirmed, and I could not look it up',
  expired: 'could not be delivered, and I stopped trying',
  rejected: 'was rejected',
};
