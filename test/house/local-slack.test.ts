import { expect, test } from 'vitest';
import { slackDate } from '../../scripts/slack/dates.ts';
import { blocksHtml } from '../../scripts/slack/render.ts';
import { modalHtml } from '../../scripts/slack/timeline.ts';
import type { Form } from '../../src/core/text/form.ts';
import { code, mention, richText, strong, when } from '../../src/core/text/rich-text.ts';
import { importForm } from '../../src/messages/forms/import.ts';
import { notInChannelForm } from '../../src/messages/forms/not-in-channel.ts';
import { resetDayForm } from '../../src/messages/forms/reset-day.ts';
import { totalForm } from '../../src/messages/forms/total.ts';
import { formView } from '../../src/slack/views/form.ts';
import { slackView } from '../../src/slack/views/message.ts';
import { slackUser } from '../support/people.ts';

const READER = { now: new Date('2026-11-23T13:05:00Z'), timeZone: 'Europe/Berlin' };

test('the local Slack renders every element of a view', () => {
  const message = {
    summary: richText`s`,
    title: richText`🟠 ${strong('*<!channel>* & <x|y>')} ${mention(slackUser('U0ANNA'))} ${when(READER.now)}`,
    lines: [richText`then ${code('/usage')}`],
    chart: { title: 'Consumption', shape: 'bar' as const, categories: ['22 Nov', '23 Nov'], series: [{ name: 'credits', values: [1, 2] }] },
    verbatim: 'meter,used\napollo,1',
    footer: richText`small print`,
    buttons: [{ action: 'acknowledge' as const, label: "I'm on it", value: 'alert-1', primary: true as const }],
  };
  const drawn = blocksHtml(slackView(message).blocks, READER);
  for (const part of [
    '*&lt;!channel&gt;* &amp; &lt;x|y&gt;',
    '@anna',
    'today 2:05 PM',
    '/usage',
    '<svg',
    'Consumption',
    'meter,used\napollo,1',
    'small print',
    'I&#x27;m on it',
    'id="acknowledge"',
  ])
    expect(drawn).toContain(part);
  const tabled = blocksHtml(slackView(message, { figuresAs: 'table' }).blocks, READER);
  for (const part of ['<table', '22 Nov', 'credits']) expect(tabled).toContain(part);
});

test.each<[string, Form]>([
  ['to paste a page', importForm({ source: '', known: [] })],
  ['with the figures of a page', importForm({ source: 'crm', known: [], found: 'Found <2>', digest: 'd', text: '\nLeads <1/2> used' })],
  ['for a reset day', resetDayForm('crm', 'Pick a <day>')],
  ['for a total', totalForm('crm/leads', { label: 'Leads', unit: 'leads', decimals: 0 })],
  ['of a channel without the app', notInChannelForm({ invite: '/invite @Creditwatch', inGroupMessage: false }, 'all')],
])('the local Slack draws the form %s, with all its texts and what is filled in', (_what, form) => {
  const view = { ...formView(form, '{}') };
  const drawn = modalHtml({ modalOf: () => ({ opened: { triggerId: 't', at: 0, view }, errors: {} }) }, 'U0ANNA');
  const plain = drawn.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#x27;', "'");
  for (const part of [
    form.title,
    form.text ?? '',
    ...form.fields.flatMap((field) => [field.label, 'value' in field ? (field.value ?? '') : '']),
  ])
    expect(plain).toContain(part);
  expect(drawn).not.toMatch(/<(?:2|day|1)/);
});

test.each([
  ['{time}', '2026-11-23T08:00:00Z', '9:00 AM'],
  ['{date}', '2026-12-01T00:00:00Z', 'December 1st'],
  ['{date}', '2027-12-22T00:00:00Z', 'December 22nd, 2027'],
  ['{date_pretty} {time}', '2026-11-22T17:40:00Z', 'yesterday 6:40 PM'],
  ['{date_pretty} {time}', '2026-11-20T17:40:00Z', 'November 20th 6:40 PM'],
])('%s of %s reads as in Slack: %s', (format, at, shown) => {
  expect(slackDate(format, new Date(at), READER.now, READER.timeZone)).toBe(shown);
});
