import { describe, expect, it } from 'vitest';
import { mention, richText, strong, when } from '../../../src/core/text/rich-text.ts';
import { plainLine } from '../../../src/slack/views/plain-text.ts';
import { slackUser } from '../../support/people.ts';

describe('a line as text for notifications and screen readers', () => {
  it('escapes the three characters that Slack reads as markup, and nothing else', () => {
    expect(plainLine(richText`${strong('*<!channel>* & <x|y>')} reached 80%`)).toBe('*&lt;!channel&gt;* &amp; &lt;x|y&gt; reached 80%');
  });

  it('escapes what is escaped already, so that it shows as it was typed', () => {
    expect(plainLine(richText`R&amp;D`)).toBe('R&amp;amp;D');
  });

  it('says moments in UTC', () => {
    expect(plainLine(richText`as of ${when(new Date('2026-11-23T08:00:00Z'))}`)).toBe('as of 23 Nov 08:00 UTC');
  });

  it.each([
    ['U0AB12CD3', '<@U0AB12CD3>'],
    ['W0AB12CD3', '<@W0AB12CD3>'],
    ['anna', '@anna'],
    ['U0AB12CD3|x', '@U0AB12CD3|x'],
    ['!channel', '@!channel'],
    ['U1><!here', '@U1&gt;&lt;!here'],
    ['U1', '@U1'],
  ])('mentions %s as %s: only what Slack can mention is a mention', (user, shown) => {
    expect(plainLine(richText`${mention(slackUser(user))}`)).toBe(shown);
  });

  it('is at most 700 characters and an ellipsis long', () => {
    expect(plainLine(Array.from({ length: 100 }, () => strong('& '.repeat(50)))).length).toBeLessThanOrEqual(701);
  });
});
