/**
 * Draws docs/pictures/*.png, the messages in Slack, from the real service with the sample's readings and a set clock. Run `npm run
 * pictures` after the texts have changed. It needs Chromium: CHROMIUM, or /usr/bin/chromium.
 */
import { mkdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import type { Clock } from '../../src/ports/clock.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import { STYLE } from './page.ts';
import { createPlay, type Entry, type Play } from './play.ts';
import { timelineHtml } from './timeline.ts';
import { startWorkspace, TIME_ZONE, type LocalWorkspace } from './workspace.ts';

const PICTURES = 'docs/pictures';
const PATIENCE_MS = 20_000;
const FRIDAY = '2026-11-20T14:05:10+01:00';
const WITHOUT_NETWORK = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Runs on from the set time like any clock, so that timers still end. */
class SetClock implements Clock {
  #at = 0;
  #setAt = 0;

  constructor(at: string) {
    this.set(at);
  }

  set(at: string): void {
    this.#at = Date.parse(at);
    this.#setAt = performance.now();
  }

  now(): Date {
    return new Date(this.#at + performance.now() - this.#setAt);
  }

  sleep(ms: number, ...signals: readonly AbortSignal[]): Promise<void> {
    return systemClock.sleep(ms, ...signals);
  }
}

type Story = {
  readonly clock: SetClock;
  readonly workspace: LocalWorkspace;
  readonly play: Play;
  /** Draws the chosen entries of a channel as one person sees them. */
  readonly draw: (name: string, channel: string, user: string, which: (entry: Entry) => boolean) => Promise<void>;
};

/** All meters but the one in the story, some days later. */
const OTHERS = [
  { meter: 'campaigns', used: 508_240, total: 1_000_000_000 },
  { meter: 'open_ai', used: 5_211_903, total: 1_500_000_000 },
  { meter: 'abmatic_accounts', used: 25_006, total: 4_000_000 },
  { meter: 'abmatic_contacts', used: 42_115, total: 20_000_000 },
  { meter: 'abmatic_ip_reveal', used: 391_764, total: 100_000_000 },
];

mkdirSync(PICTURES, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: WITHOUT_NETWORK });
const page = await browser.newPage({ viewport: { width: 660, height: 900 }, deviceScaleFactor: 1.5 });
try {
  await tell(livingAlert);
  await tell(requested);
  await tell(snoozed);
} finally {
  await browser.close();
}

/** One alert from the first warning to the top-up, with the overview, the digest and a check in between. */
async function livingAlert({ clock, workspace, play, draw }: Story): Promise<void> {
  const apollo = await postIn(play, 'C0SALES', 'reached 80%');
  await draw('alert-fired', 'C0SALES', 'U0ANNA', ({ id }) => id === apollo.id);
  await play.type('U0ANNA', 'C0MARKETING', '/usage');
  await shown(play, 'U0ANNA', 'C0MARKETING', 2);
  await draw('overview', 'C0MARKETING', 'U0ANNA', () => true);
  for (const [index, text] of ['/usage check campaigns 50k', '/usage check apollo 50k', '/usage check apollo 250k'].entries()) {
    await play.type('U0TOM', 'C0MARKETING', text);
    await shown(play, 'U0TOM', 'C0MARKETING', 2 * (index + 1));
  }
  await draw('pre-flight', 'C0MARKETING', 'U0TOM', () => true);
  await play.type('U0OLGA', 'C0MARKETING', '/usage history apollo 30d');
  await shown(play, 'U0OLGA', 'C0MARKETING', 2);
  await draw('history', 'C0MARKETING', 'U0OLGA', () => true);

  clock.set('2026-11-20T14:09:10+01:00');
  await play.press('U0ANNA', 'C0SALES', apollo.id, "I'm on it");
  await postIn(play, 'C0SALES', 'is on it');
  await draw('alert-on-it', 'C0SALES', 'U0ANNA', ({ id }) => id === apollo.id);

  // On Saturday nobody is at work, but figures come.
  clock.set('2026-11-21T18:40:10+01:00');
  await workspace.push([...OTHERS, { meter: 'apollo_contacts', used: 912_650, total: 1_000_000 }]);

  clock.set('2026-11-22T18:40:10+01:00');
  await workspace.push([...OTHERS, { meter: 'apollo_contacts', used: 1_000_214, total: 1_000_000 }]);
  const critical = await postIn(play, 'C0SALES', 'is used up');
  await postIn(play, 'C0SALES', 'see the newer message');
  await draw('alert-critical', 'C0SALES', 'U0ANNA', ({ id }) => id === apollo.id || id === critical.id);

  clock.set('2026-11-23T08:58:10+01:00');
  await workspace.push([...OTHERS, { meter: 'apollo_contacts', used: 1_000_214, total: 1_000_000 }]);
  clock.set('2026-11-23T09:00:05+01:00');
  const digest = await postIn(play, 'C0OPERATIONS', '📊');
  await draw('digest', 'C0OPERATIONS', 'U0ANNA', ({ id }) => id === digest.id);

  // Anna acknowledged it on Friday.
  clock.set('2026-11-24T09:40:10+01:00');
  await workspace.push([{ meter: 'apollo_contacts', used: 1_000_214, total: 2_500_000 }]);
  await until(() => play.seen('U0ANNA', 'C0SALES').some(({ under }) => under === critical.ts));
  await postIn(play, 'C0SALES', 'was over for');
  await draw('alert-recovered', 'C0SALES', 'U0ANNA', ({ id, under }) => id === critical.id || under === critical.ts);
}

/** Requests more credits: the draft of the email, and the alert after that. */
async function requested({ clock, play, draw }: Story): Promise<void> {
  const apollo = await postIn(play, 'C0SALES', 'reached 80%');
  clock.set('2026-11-20T14:09:10+01:00');
  await play.press('U0TOM', 'C0SALES', apollo.id, 'Request credits');
  const choice = await answered(play, 'U0TOM', 'C0SALES', 'What should we ask');
  await play.press('U0TOM', 'C0SALES', choice.id, 'Higher allocation');
  const draft = await answered(play, 'U0TOM', 'C0SALES', 'rich_text_preformatted');
  await draw('request', 'C0SALES', 'U0TOM', ({ id }) => id === choice.id || id === draft.id);
  await postIn(play, 'C0SALES', 'Requested by');
  await draw('alert-requested', 'C0SALES', 'U0TOM', ({ id }) => id === apollo.id);
}

async function snoozed({ clock, play, draw }: Story): Promise<void> {
  const apollo = await postIn(play, 'C0SALES', 'reached 80%');
  clock.set('2026-11-20T14:09:10+01:00');
  await play.press('U0ANNA', 'C0SALES', apollo.id, 'Snooze');
  const answer = await answered(play, 'U0ANNA', 'C0SALES', 'Snoozed until');
  await play.press('U0ANNA', 'C0SALES', answer.id, 'Until Monday morning');
  await postIn(play, 'C0SALES', '23 Nov');
  await draw('alert-snoozed', 'C0SALES', 'U0ANNA', ({ id }) => id === apollo.id);
}

async function tell(story: (parts: Story) => Promise<void>): Promise<void> {
  const clock = new SetClock(FRIDAY);
  const workspace = await startWorkspace({ transport: 'http', clock, logLevel: 'error' });
  const play = createPlay(workspace);
  const draw: Story['draw'] = (name, channel, user, which) => {
    const chosen: Play = { ...play, seen: (someone, somewhere) => play.seen(someone, somewhere).filter(which) };
    return photograph(page, name, timelineHtml(chosen, user, channel, { now: clock.now(), timeZone: TIME_ZONE }));
  };
  try {
    await story({ clock, workspace, play, draw });
  } finally {
    await workspace.stop();
  }
}

async function photograph(on: Page, name: string, html: string): Promise<void> {
  await on.setContent(
    `<!doctype html><meta charset="utf-8"><style>${STYLE} #picture { width: 660px; padding: 6px 0 }</style><div id="picture">${html}</div>`,
  );
  await on.locator('#picture').screenshot({ path: `${PICTURES}/${name}.png`, animations: 'disabled' });
  console.log(`${PICTURES}/${name}.png`);
}

/** Waits for a message with this text that everybody in a channel sees. */
async function postIn(play: Play, channel: string, words: string): Promise<Entry> {
  return found(() => play.seen('U0ANNA', channel).find(({ onlyYou, blocks }) => !onlyYou && JSON.stringify(blocks).includes(words)));
}

/** Waits for an answer with this text that one person sees. */
async function answered(play: Play, user: string, channel: string, words: string): Promise<Entry> {
  return found(() => play.seen(user, channel).find(({ onlyYou, blocks }) => onlyYou && JSON.stringify(blocks).includes(words)));
}

async function shown(play: Play, user: string, channel: string, count: number): Promise<void> {
  await until(() => play.seen(user, channel).length >= count);
}

async function until(test: () => boolean): Promise<void> {
  await found(() => test() || undefined);
}

async function found<T>(look: () => T | undefined): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const result = look();
    if (result !== undefined) return result;
    if (performance.now() > deadline) throw new Error(`not within ${String(PATIENCE_MS)} ms: ${String(look)}`);
    await wait(100);
  }
}
