import type { DestinationDisabledSnapshot } from '../../core/notifications/notification.ts';
import { destinationName, usualPlatformName, type DestinationAddress } from '../../core/notifications/route.ts';
import type { Message } from '../../core/text/message.ts';
import { code, placeNamed, richText, strong, type RichText } from '../../core/text/rich-text.ts';

/** Tells the people who can fix it that a channel, or a whole platform, rejects messages; later, that it works again. */
export function destinationDisabledMessage(snapshot: DestinationDisabledSnapshot): Message {
  const { change, place, scope, reason, fromChat, command } = snapshot;
  const name = snapshot.platformName ?? usualPlatformName(place.kind);
  if (change === 'back') {
    const again =
      scope === 'installation' ? richText`✅ I can post in ${strong(name)} again.` : richText`✅ I can post in ${placeNamed(place)} again.`;
    return { summary: again, title: again, lines: [] };
  }
  const title =
    scope === 'installation'
      ? richText`⚠️ ${strong(`I can no longer post in ${name}`)}`
      : richText`⚠️ ${strong("I can't post")} in ${placeNamed(place)}`;
  const alerts = scope === 'installation' ? 'Its messages come here for now.' : 'Its alerts go to operations for now.';
  const again =
    fromChat && scope === 'destination'
      ? richText`${code(`${command} subscribe`)} there, or ${code(`npx creditwatch test ${destinationName(place)}`)}`
      : richText`${code(`npx creditwatch test ${destinationName(place)}`)}`;
  return { summary: title, title, lines: [richText`${reason}`, richText`${alerts} Once it is fixed: ${again}`] };
}

/** The line under a message that was sent to operations because its own destination is disabled. */
export function meantForText(place: DestinationAddress): RichText {
  return richText`Meant for ${placeNamed(place)}, where I can't post now.`;
}
