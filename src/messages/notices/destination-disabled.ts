import type { UnreachableSnapshot } from '../../core/notifications/notification.ts';
import { destinationName, platformNames, type DestinationAddress } from '../../core/notifications/route.ts';
import type { Message } from '../../core/text/message.ts';
import { code, placeNamed, say, strong, type Phrase } from '../../core/text/rich-text.ts';

/** A channel that takes nothing any more, or a whole platform: for whoever can mend it. */
export function unreachableWords({ change, place, scope, reason, fromChat, command }: UnreachableSnapshot): Message {
  if (change === 'back') {
    const again =
      scope === 'installation'
        ? say`✅ I can post in ${strong(platformNames[place.kind])} again.`
        : say`✅ I can post in ${placeNamed(place)} again.`;
    return { summary: again, title: again, lines: [] };
  }
  const title =
    scope === 'installation'
      ? say`⚠️ ${strong(`I can't post in ${platformNames[place.kind]} any more`)}`
      : say`⚠️ ${strong("I can't post")} in ${placeNamed(place)}`;
  const alerts = scope === 'installation' ? 'What was meant for it comes here meanwhile.' : 'Its alerts go to operations meanwhile.';
  const again =
    fromChat && scope === 'destination'
      ? say`${code(`${command} subscribe`)} there, or ${code(`npx creditwatch test ${destinationName(place)}`)}`
      : say`${code(`npx creditwatch test ${destinationName(place)}`)}`;
  return { summary: title, title, lines: [say`${reason}`, say`${alerts} When it is mended: ${again}`] };
}

/** Under what went elsewhere. */
export function meantForPhrase(place: DestinationAddress): Phrase {
  return say`Meant for ${placeNamed(place)}, where I can't post now.`;
}
