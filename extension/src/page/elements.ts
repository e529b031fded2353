/** Makes elements. Every text becomes a text node, so markup in it stays text. */

type Children = readonly (Node | string)[];

/** Makes an element with what is in it. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  how: { readonly class?: string; readonly id?: string } = {},
  ...children: Children
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (how.class !== undefined) made.className = how.class;
  if (how.id !== undefined) made.id = how.id;
  made.append(...children);
  return made;
}

/** Makes a button. `isMain`: it is what most people do next. */
export function button(label: string, onClick: () => void, isMain = false): HTMLButtonElement {
  const made = element('button', isMain ? { class: 'main' } : {}, label);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

/** Makes a field for a line of text below its label. Its id must stay the same, so that what is typed survives `redraw`. */
export function textField(
  label: string,
  { id, value = '', placeholder }: { readonly id: string; readonly value?: string; readonly placeholder: string },
): { readonly row: HTMLElement; readonly input: HTMLInputElement } {
  const input = element('input', { id });
  input.type = 'text';
  input.value = value;
  input.placeholder = placeholder;
  input.autocomplete = 'off';
  input.spellcheck = false;
  return { row: element('label', {}, element('span', {}, label), input), input };
}

/** A row of buttons and links. */
export function actions(...buttons: readonly HTMLElement[]): HTMLElement {
  return element('div', { class: 'actions' }, ...buttons);
}

/** A list of names with their values, each value in an element of its own. */
export function fieldList(fields: readonly (readonly [name: string, value: string])[]): HTMLElement {
  return element('dl', {}, ...fields.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
}

/** A link that opens in a new tab and tells the vendor nothing of this page. */
export function pageLink(label: string, address: string): HTMLAnchorElement {
  const made = element('a', { class: 'button' }, label);
  made.href = address;
  made.target = '_blank';
  made.rel = 'noopener noreferrer';
  return made;
}

/** Replaces what an element shows. What the person has unfolded stays unfolded, and what is being typed stays typed. */
export function redraw(root: HTMLElement, ...children: Children): void {
  const unfolded = new Set([...root.querySelectorAll('details[open]')].map(({ id }) => id));
  const typed = new Map([...root.querySelectorAll('input')].map(({ id, value }) => [id, value]));
  const focused = root.contains(document.activeElement) ? document.activeElement?.id : undefined;
  root.replaceChildren(...children);
  for (const details of root.querySelectorAll('details')) details.open ||= unfolded.has(details.id);
  for (const input of root.querySelectorAll('input')) {
    input.value = typed.get(input.id) ?? input.value;
    if (input.id === focused) input.focus();
  }
}
