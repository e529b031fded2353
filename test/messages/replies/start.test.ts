import { expect, test } from 'vitest';
import { ok, err } from '../../../src/core/result.ts';
import { keptKeyText, keyOriginText, shownKeyText, writtenKeyText } from '../../../src/messages/replies/keys.ts';
import {
  connectedText,
  databaseAwaitedText,
  demoAlertText,
  demoAnswerText,
  demoDigestText,
  demoNextStepsText,
  demoTitleText,
  listeningText,
  noteText,
  portBusyText,
  printsHereText,
  runsAlreadyText,
  startFailedText,
  startsAlreadyText,
} from '../../../src/messages/replies/start.ts';

const heading = (text: string) => `*${text}*`;
const PORT = { host: '127.0.0.1', port: 3000 };

test.each([
  [listeningText('http://127.0.0.1:3000'), 'Creditwatch listens on http://127.0.0.1:3000.'],
  [
    printsHereText([
      { name: 'Slack', guide: 'README.md, "Connect Slack"' },
      { name: 'Teams', guide: 'docs/teams.md' },
    ]),
    'Alerts are printed in this terminal. To post them in Slack: README.md, "Connect Slack"; in Teams: docs/teams.md.',
  ],
  [connectedText([{ name: 'Slack', reachedBy: 'Socket Mode' }], 1), 'Slack: Socket Mode, 1 route.'],
  [connectedText([{ name: 'Slack', reachedBy: 'Socket Mode' }], 2), 'Slack: Socket Mode, 2 routes.'],
  [
    connectedText([{ name: 'Slack', reachedBy: 'Socket Mode' }], 0),
    'Slack: Socket Mode. creditwatch.yml has no routes: alerts without a route are printed in this terminal.',
  ],
  [noteText('INGEST_KEY is ignored.'), 'Note: INGEST_KEY is ignored.'],
  [portBusyText(PORT, false), 'Port 3000 on 127.0.0.1 is in use.'],
  [portBusyText(PORT, true), 'Port 3000 on 127.0.0.1 is in use. Waiting up to 15 s for it.'],
  [databaseAwaitedText('The database does not answer.'), 'The database does not answer. Trying again until it answers.'],
  [
    runsAlreadyText('/data', { url: 'http://127.0.0.1:3000', pid: 7 }),
    'Creditwatch already runs from /data: http://127.0.0.1:3000, process 7. Stop it first, or set DATA_DIR and PORT for a second one.',
  ],
  [
    startsAlreadyText('/data', 7),
    'Creditwatch is already starting from /data, process 7. Wait for it or stop it first, or set DATA_DIR and PORT for a second one.',
  ],
  [
    startsAlreadyText('/data', null),
    'Creditwatch is already starting from /data. Wait for it or stop it first, or set DATA_DIR and PORT for a second one.',
  ],
  [startFailedText('out of memory'), 'Creditwatch could not start: out of memory'],
  [demoTitleText(heading), '\n*Creditwatch demo*: six meters of Abmatic AI, with sample readings. This is what people see.\n'],
  [demoAlertText(heading, true), '*To the channel, once*'],
  [demoAlertText(heading, false), '*To the channel, once*, as it was posted'],
  [demoAnswerText(heading), '\n*What /usage answers*\n'],
  [demoDigestText(heading), '\n*To the channel every Monday at 9*, as it would go out now\n'],
  [keyOriginText('file'), 'from creditwatch.yml'],
  [keyOriginText('environment'), 'from INGEST_KEY'],
  [keptKeyText('store'), 'Ingest key: unchanged, shown only at the first start. To see it: npx creditwatch key'],
  [
    shownKeyText(null, { key: 'cw_1', secret: 'whsec_1' }),
    'Ingest key: cw_1\n  as a webhook secret: whsec_1\n  to see it again: npx creditwatch key',
  ],
  [
    writtenKeyText('south', ok('/data/ingest-key.south')),
    'Ingest key of south: saved in /data/ingest-key.south (mode 0600). To see it: npx creditwatch key --account south',
  ],
  [
    writtenKeyText(null, err('The disk is full.')),
    'Ingest key: created, but not written to a file (The disk is full.) To see it: npx creditwatch key',
  ],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});

test('the demo ends with what to try, how to connect, and where its data are', () => {
  const platforms = [{ name: 'Slack', steps: 'README.md, "Connect Slack", has five steps.' }];
  const demo = { url: 'http://127.0.0.1:3000', dataDir: '/data/demo', keyLines: 'Ingest key: cw_1', platforms };
  expect(demoNextStepsText(heading, { ...demo, key: 'cw_1' })).toBe(`
*Try it*: push a reading, and the next alert appears here

  curl http://127.0.0.1:3000/v1/usage -H "Authorization: Bearer cw_1" \\
    -d '{"source":"abmatic","readings":[{"meter":"apollo_contacts","used":1000214,"total":1000000}]}'

*Connect*

  Slack   README.md, "Connect Slack", has five steps.
  Source  push as above, or copy the vendor's usage page into a file: DATA_DIR=/data/demo npx creditwatch import page.txt

Ingest key: cw_1
Listening on http://127.0.0.1:3000. Data in /data/demo. Ctrl-C stops it.`);
  expect(demoNextStepsText(heading, { ...demo, key: null })).toContain('Authorization: Bearer <ingest key>"');
});
