/** Lists and texts of others are cut to this size, so that the page stays quick whatever is sent to it. */
const MOST_ROWS = 50;
const LONGEST_SHOWN = 300;

/** Marks of writing direction, with which a text could change how the text beside it reads, and other invisible controls. */
const INVISIBLE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Returns an element of the page by its id. The server has written them all. */
export function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(id);
  return found;
}

/** Shows some sections of the page and hides the others. */
export function showOnly(...ids: readonly string[]): void {
  for (const section of document.querySelectorAll('section')) section.hidden = !ids.includes(section.id);
}

/** Shows a text in an element, which is hidden if the text is empty. */
export function say(id: string, text: string): void {
  const shown = element(id, HTMLElement);
  shown.textContent = text;
  shown.hidden = text === '';
}

export function onClick(id: string, work: (event: MouseEvent) => void): void {
  element(id, HTMLElement).addEventListener('click', work);
}

/** Text of others, as it can be shown beside ours. */
export function safe(text: string, longest = LONGEST_SHOWN): string {
  return (
    text.slice(0, longest).replace(INVISIBLE, (mark) => (mark === '\n' || mark === '\t' ? mark : '')) + (text.length > longest ? '…' : '')
  );
}

/** Fills a list or the body of a table. @param more the text for rows that are left out */
export function fill<T>(id: string, rows: readonly T[], draw: (row: T) => Node, more: (count: number) => string): void {
  const drawn = rows.slice(0, MOST_ROWS).map(draw);
  element(id, HTMLElement).replaceChildren(...drawn);
  say(`${id}-more`, rows.length > MOST_ROWS ? more(rows.length - MOST_ROWS) : '');
}

/** An element with a text of others in it. */
export function drawn(tag: 'li' | 'td' | 'th' | 'option' | 'code', text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = safe(text);
  made.dir = 'auto';
  return made;
}
