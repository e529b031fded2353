import { drawn, element, fill, onClick, safe, say, showOnly } from './elements.ts';
import { onlyInFront } from './in-front.ts';
import type { Target } from './pairing.ts';
import { sendPage, type Answer, type Figure, type Page } from './send.ts';
import type { TextOf } from './texts.ts';

/** The text of a page, and where it comes from: the origin of the sender as the browser says, or what a person typed. */
export type Received = { readonly text: string; readonly url: string; readonly sender: string; readonly isTyped: boolean };

/** As `POST /v1/pages` takes. UTF-8 has at least one byte a character. */
const MOST_CHARACTERS = 1024 * 1024;
const MOST_SHOWN = 20_000;
/** Shows what Creditwatch understands of a page, and stores it at a click. */
export function createCheck(textOf: TextOf): (received: Received, targets: readonly Target[]) => void {
  const store = element('store', HTMLButtonElement);
  const choice = element('source', HTMLSelectElement);
  let current: { readonly received: Received; readonly targets: readonly Target[] } | null = null;
  /** What the button stores; null while there is nothing to store. */
  let ready: Page | null = null;
  let asked = 0;
  const arm = onlyInFront(store, () => ready !== null);

  choice.addEventListener('change', () => void preview());
  onClick('store', (event) => {
    const page = ready;
    if (page === null || store.disabled || !event.isTrusted) return;
    ready = null;
    arm();
    void sendPage(page, { preview: false }).then((answer) => {
      if (!answer.ok) return refused(answer.problem);
      say('result', storedText(answer));
      store.hidden = true;
    });
  });

  return (received, targets) => {
    current = { received, targets };
    showOnly('check');
    say('sender', textOf(received.isTyped ? 'typedFrom' : 'from', { host: safe(received.sender) }));
    element('text', HTMLElement).textContent = safe(received.text, MOST_SHOWN);
    const [only, ...others] = targets;
    const fitting = others.length === 0 ? only : targets.find(({ page }) => page !== null && hostOf(page) === hostOf(received.url));
    const options = targets.map(({ source }) => {
      const option = drawn('option', source);
      option.setAttribute('value', source);
      return option;
    });
    choice.replaceChildren(...[...choice.children].slice(0, 1), ...options);
    choice.value = fitting?.source ?? '';
    element('which', HTMLElement).hidden = others.length === 0;
    void preview();
  };

  async function preview(): Promise<void> {
    const target = current?.targets.find(({ source }) => source === choice.value);
    asked += 1;
    const mine = asked;
    ready = null;
    arm();
    for (const id of ['problem', 'result', 'warning', 'status', 'older']) say(id, '');
    element('understood', HTMLElement).hidden = true;
    store.hidden = false;
    if (current === null || target === undefined) return;
    const { received } = current;
    const expected = target.page === null ? null : hostOf(target.page);
    const host = hostOf(received.url);
    if (expected !== null && expected !== host)
      say('warning', textOf('otherHost', { host: safe(host ?? received.sender), source: safe(target.source), expected }));
    if (received.text.length > MOST_CHARACTERS) return say('problem', textOf('tooLong'));
    const page = {
      key: target.key,
      source: target.source,
      text: received.text,
      url: received.url,
      capturedAt: new Date().toISOString(),
    };
    say('status', textOf('asking'));
    const answer = await sendPage(page, { preview: true });
    // Meanwhile another source was chosen, or another text has come.
    if (mine !== asked) return;
    say('status', '');
    if (!answer.ok) return refused(answer.problem);
    show(answer);
    if (answer.older > 0) return say('older', textOf('older'));
    ready = page;
    arm();
  }

  function show({ figures, notes }: Extract<Answer, { ok: true }>): void {
    element('understood', HTMLElement).hidden = false;
    say('figures-title', textOf(figures.length === 1 ? 'understoodOne' : 'understoodMany', { count: String(figures.length) }));
    const more = (count: number) => textOf('more', { count: String(count) });
    fill('figures', figures, rowOf, more);
    say('notes-title', notes.length === 0 ? '' : textOf('notUnderstood'));
    fill('notes', notes, (note) => drawn('li', note), more);
  }

  function rowOf({ label, used, left, total, unit }: Figure): Node {
    const row = document.createElement('tr');
    row.append(
      drawn('th', label),
      drawn('td', left === null ? used : textOf('left', { amount: left })),
      drawn('td', total ?? textOf('noTotal')),
      drawn('td', unit),
    );
    return row;
  }

  function refused(problem: string | null): void {
    say('problem', problem === null ? textOf('unreachable') : safe(problem.charAt(0).toUpperCase() + problem.slice(1), 1_000));
  }

  function storedText({ accepted, older }: Extract<Answer, { ok: true }>): string {
    if (older > 0) return textOf('older');
    if (accepted === 0) return textOf('known');
    return textOf(accepted === 1 ? 'storedOne' : 'storedMany', { count: String(accepted) });
  }
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}
