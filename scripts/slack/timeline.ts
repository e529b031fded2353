import { z } from 'zod';
import { blocksHtml, escapeHtml, type Reader } from './render.ts';
import type { Entry, Play } from './play.ts';
import { PEOPLE } from './workspace.ts';

/** Renders what one person sees in a channel as HTML, with threads under their messages. */
export function timelineHtml(play: Play, user: string, channel: string, reader: Reader): string {
  const entries = play.seen(user, channel);
  return entries
    .filter(({ under }) => under === null)
    .map(
      (entry) =>
        entryHtml(entry, user, reader) +
        threadHtml(
          entries.filter(({ under }) => under !== null && under === entry.ts),
          user,
          reader,
        ),
    )
    .join('\n');
}

/** Renders one message with its frame. */
function entryHtml({ id, at, blocks, typed, onlyYou }: Entry, user: string, reader: Reader): string {
  const name = typed === null ? 'Creditwatch' : nameOf(user);
  const time = new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit', timeZone: reader.timeZone }).format(at);
  const mark = typed === null ? '<span class="app">APP</span>' : '';
  return `<article id="${id}" class="entry">
    <div class="face ${typed === null ? 'bot' : ''}">${typed === null ? '<i></i><i></i><i></i>' : escapeHtml(name.charAt(0).toUpperCase())}</div>
    <div class="said">
      ${onlyYou && typed === null ? '<div class="only">Only visible to you</div>' : ''}
      <div class="head"><b>${escapeHtml(name)}</b> ${mark} <time>${time}</time></div>
      ${typed === null ? blocksHtml(blocks, reader) : `<code class="typed">${escapeHtml(typed)}</code>`}
    </div>
  </article>`;
}

function threadHtml(replies: readonly Entry[], user: string, reader: Reader): string {
  if (replies.length === 0) return '';
  const count = `${String(replies.length)} ${replies.length === 1 ? 'reply' : 'replies'}`;
  return `<section class="thread"><div class="count">${count}</div>${replies.map((reply) => entryHtml(reply, user, reader)).join('\n')}</section>`;
}

const text = z.object({ text: z.string() });
const sectionSchema = z.object({ type: z.literal('section'), text });
const fieldSchema = z.object({
  type: z.literal('input'),
  block_id: z.string(),
  label: text,
  hint: text.optional(),
  optional: z.boolean().default(false),
  element: z.object({
    type: z.string(),
    multiline: z.boolean().default(false),
    max_length: z.number().optional(),
    initial_value: z.string().default(''),
    placeholder: text.optional(),
    options: z.array(z.object({ text, value: z.string() })).default([]),
  }),
});
const modalSchema = z.object({
  title: text,
  submit: text,
  blocks: z.array(z.discriminatedUnion('type', [sectionSchema, fieldSchema])),
});
type Field = z.infer<typeof fieldSchema>;

/** Renders a person's open form. Done here, because the forms of the rendering library cannot be filled in. */
export function modalHtml(play: Pick<Play, 'modalOf'>, user: string): string {
  const modal = play.modalOf(user);
  if (modal === null) return '';
  const { title, submit, blocks } = modalSchema.parse(modal.opened.view);
  return `<form class="modal" data-trigger="${escapeHtml(modal.opened.triggerId)}"><h2>${escapeHtml(title.text)}</h2>
    ${blocks.map((block) => (block.type === 'section' ? `<p>${escapeHtml(block.text.text)}</p>` : fieldHtml(block, modal.errors[block.block_id]))).join('\n')}
    <footer><button type="button" class="cancel">Cancel</button><button class="send">${escapeHtml(submit.text)}</button></footer></form>`;
}

function fieldHtml({ block_id: name, label, hint, optional, element }: Field, error: string | undefined): string {
  const common = `name="${escapeHtml(name)}" placeholder="${escapeHtml(element.placeholder?.text ?? '')}"${element.max_length === undefined ? '' : ` maxlength="${String(element.max_length)}"`}`;
  const choices = element.options
    .map((option) => `<option value="${escapeHtml(option.value)}">${escapeHtml(option.text.text)}</option>`)
    .join('');
  const input =
    element.type === 'static_select'
      ? `<select ${common}>${optional ? '<option></option>' : ''}${choices}</select>`
      : element.multiline
        ? // The line break at the beginning of a text area is left out.
          `<textarea ${common}>\n${escapeHtml(element.initial_value)}</textarea>`
        : `<input ${common} value="${escapeHtml(element.initial_value)}">`;
  return `<label>${escapeHtml(label.text)}${optional ? ' <small>(optional)</small>' : ''}${input}${error === undefined ? '' : `<em>${escapeHtml(error)}</em>`}${hint === undefined ? '' : `<small>${escapeHtml(hint.text)}</small>`}</label>`;
}

function nameOf(user: string): string {
  return PEOPLE.find(({ id }) => id === user)?.name ?? user;
}
