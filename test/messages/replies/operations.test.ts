import { expect, test } from 'vitest';
import { NOTHING_RECORDED } from '../../../src/messages/replies/audit.ts';
import { exportedText, notWrittenText } from '../../../src/messages/replies/export.ts';
import {
  demoAlsoRunsText,
  demoFiguresText,
  migratedText,
  noMeterFor,
  notSentText,
  notSentYetText,
  sentText,
  sinceNotUnderstood,
  unknownAccount,
  unknownMeterText,
  unknownRoute,
  wholeNumberText,
} from '../../../src/messages/replies/operations.ts';
import { PAST_SPANS } from '../../../src/messages/text/span-examples.ts';

test.each([
  [unknownAccount('west', ['north', 'south']), 'There is no account "west". There are: north, south.'],
  [unknownAccount('west', ['north']), 'There is no account "west". There is: north.'],
  [unknownAccount('west', []), 'There is no account "west". There are none.'],
  [unknownRoute('slack:C0OTHER', ['slack:C0ALERTS']), 'There is no route "slack:C0OTHER". There is: slack:C0ALERTS.'],
  [unknownMeterText('apolo'), 'There is no meter "apolo". All meters: npx creditwatch usage'],
  [noMeterFor(null, false), 'There is no meter with figures. All meters: npx creditwatch usage'],
  [noMeterFor('leads', true), 'There is no meter "leads" that the rule names. All meters: npx creditwatch usage'],
  [migratedText([]), 'The database is up to date.'],
  [migratedText(['1_one', '2_two']), 'Applied: 1_one, 2_two.'],
  [demoAlsoRunsText('/data/demo'), 'A demo is also running. For its figures: DATA_DIR=/data/demo'],
  [demoFiguresText('/data/demo'), 'These figures are from the demo (DATA_DIR=/data/demo).'],
  [exportedText(1, 'use.csv'), '1 meter written to use.csv.'],
  [exportedText(2, 'use.csv'), '2 meters written to use.csv.'],
  [notWrittenText('use.csv', 'EACCES'), 'use.csv cannot be written: EACCES'],
  [notWrittenText(null, 'EPIPE'), 'The output cannot be written: EPIPE'],
  [NOTHING_RECORDED, 'Nothing is recorded.'],
  [sentText('slack:C0ALERTS'), 'Sent to slack:C0ALERTS.'],
  [notSentText('slack:C0ALERTS', 'The channel is archived.'), 'Not sent to slack:C0ALERTS: The channel is archived.'],
  [notSentYetText('slack:C0ALERTS', null), 'Not sent to slack:C0ALERTS yet. Creditwatch tries again while the service runs.'],
  [
    notSentYetText('slack:C0ALERTS', 'HTTP 503'),
    'Not sent to slack:C0ALERTS yet (HTTP 503). Creditwatch tries again while the service runs.',
  ],
  [
    sinceNotUnderstood('soon'),
    `I don't understand --since "soon". For example: 2026-11-01, 30d, last week, last month, this period, last period, since 1 nov.`,
  ],
  [
    sinceNotUnderstood('soon', PAST_SPANS),
    `I don't understand --since "soon". For example: 2026-11-01, 30d, last week, last month, since 1 nov.`,
  ],
  [wholeNumberText('--last', 10_000), '--last must be a whole number from 1 to 10000.'],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});
