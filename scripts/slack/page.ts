import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { escapeHtml } from './render.ts';
import { CHANNELS, PEOPLE } from './workspace.ts';

/** The library's own style, and the style of the client around its messages. */
export const STYLE = `${readFileSync(createRequire(import.meta.url).resolve('slack-blocks-to-jsx/dist/style.css'), 'utf8')}
* { box-sizing: border-box }
@font-face { font-family: Emoji; src: local('Noto Color Emoji'); unicode-range: U+2600-27BF, U+FE0F, U+1F000-1FAFF }
body { margin: 0; font: 15px/1.46 Lato, Emoji, 'Noto Sans', system-ui, sans-serif; color: #1d1c1d; background: #fff }
.entry { display: flex; gap: 8px; padding: 8px 20px; max-width: 720px }
.face { flex: none; width: 36px; height: 36px; border-radius: 8px; background: #7c6f9f; color: #fff; display: grid; place-items: center; font-weight: 700 }
.face.bot { background: #1f3a2e; display: flex; align-items: flex-end; justify-content: center; gap: 3px; padding-bottom: 9px }
.face.bot i { width: 5px; border-radius: 1px; background: #7fd6a4; height: 8px } .face.bot i:nth-child(2) { height: 13px } .face.bot i:nth-child(3) { height: 18px; background: #f5b454 }
.said { min-width: 0; flex: 1 }
.head b { font-weight: 900 } .head time { color: #616061; font-size: 12px; margin-left: 4px }
.app { background: #e8e8e8; color: #454545; font-size: 10px; font-weight: 700; border-radius: 2px; padding: 1px 3px; vertical-align: 1px }
.only { color: #616061; font-size: 13px } .only::before { content: '👁 ' }
.typed { color: #454545; background: #f6f6f6; border: 1px solid #ddd; border-radius: 4px; padding: 1px 5px }
.thread { margin-left: 44px; border-left: 2px solid #ddd } .thread .count { color: #1264a3; font-size: 13px; font-weight: 700; padding-left: 20px }
#slack_blocks_to_jsx, #slack_blocks_to_jsx * { font-family: inherit !important }
#slack_blocks_to_jsx p { white-space: pre-wrap; margin: 0 }
#slack_blocks_to_jsx pre { word-break: normal !important; overflow-wrap: anywhere !important }
#slack_blocks_to_jsx .slack_inline_code, #slack_blocks_to_jsx pre * { font-family: ui-monospace, 'DejaVu Sans Mono', monospace !important }
`;

const LAYOUT = `
.all { display: grid; grid-template-columns: 220px 1fr; height: 100vh }
nav { background: #3b1d45; color: #e9dcee; padding: 16px; overflow: auto } nav h1 { font-size: 16px; margin: 0 0 12px }
nav button { display: block; width: 100%; text-align: left; background: none; border: 0; color: inherit; font: inherit; padding: 4px 8px; border-radius: 6px; cursor: pointer } nav button.on { background: #1164a3; color: #fff }
nav select, nav input { width: 100%; margin: 4px 0; font: inherit } nav form { border-top: 1px solid #6d4d78; margin-top: 16px; padding-top: 8px }
main { display: flex; flex-direction: column; min-width: 0; height: 100vh } #timeline { flex: 1; overflow: auto; padding: 12px 0 }
.composer { display: flex; padding: 12px 20px; gap: 8px; border-top: 1px solid #ddd } .composer input { flex: 1; font: inherit; padding: 8px; border: 1px solid #999; border-radius: 8px }
#front:empty { display: none } #front { position: fixed; inset: 0; background: #0007; display: grid; place-items: center }
.modal { background: #fff; border-radius: 10px; width: 520px; max-height: 95vh; overflow: auto; padding: 20px } .modal h2 { margin: 0 0 12px } .modal label { display: block; font-weight: 700; margin-bottom: 12px }
.modal textarea, .modal input, .modal select { display: block; width: 100%; font: inherit; padding: 8px; border: 1px solid #999; border-radius: 6px } .modal textarea { height: 140px }
.modal p { white-space: pre-wrap; margin: 0 0 12px }
.modal small { display: block; color: #616061; font-weight: 400 } .modal em { display: block; color: #b71c1c; font-style: normal; font-weight: 400 }
.modal footer { display: flex; justify-content: flex-end; gap: 8px } .modal footer button { font: inherit; font-weight: 700; padding: 6px 12px; border-radius: 6px; border: 1px solid #999; background: #fff } .modal .send { background: #007a5a; color: #fff; border-color: #007a5a }
#trouble { color: #b71c1c; padding: 0 20px }
`;

const SCRIPT = `
const $ = (query) => document.querySelector(query);
let channel = 'C0SALES', shown = '', front = '';
const user = () => $('#user').value;
const here = () => channel === 'D' ? 'D' + user().slice(1) : channel;
async function send(path, body) {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ user: user(), channel: here(), ...body }) });
  $('#trouble').textContent = answer.ok ? '' : await answer.text();
  await refresh();
}
async function refresh() {
  const answer = await fetch('/state?user=' + user() + '&channel=' + here());
  if (!answer.ok) { $('#trouble').textContent = await answer.text(); return; }
  const state = await answer.json();
  if (state.timeline !== shown) { shown = state.timeline; $('#timeline').innerHTML = shown; $('#timeline').scrollTop = 1e9; }
  if (state.modal !== front) { const kept = new FormData($('.modal') ?? undefined); front = state.modal; $('#front').innerHTML = front; for (const [name, value] of kept) { const field = $('.modal [name="' + name + '"]'); if (field) field.value = value; } }
}
document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.channel) { channel = button.dataset.channel; document.querySelectorAll('nav button').forEach((one) => one.classList.toggle('on', one === button)); return void refresh(); }
  if (button.classList.contains('cancel')) return void send('/cancel', {});
  const entry = button.closest('.entry');
  const actions = button.closest('.slack_blocks_to_jsx__actions');
  if (entry && actions) void send('/press', { entry: entry.id, button: [...actions.querySelectorAll('button')].indexOf(button) });
});
document.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target, values = Object.fromEntries(new FormData(form));
  if (form.classList.contains('modal')) void send('/submit', { values });
  else if (form.classList.contains('composer')) { form.reset(); void send('/type', { text: values.text }); }
  else void send('/push', values);
});
$('#user').addEventListener('change', refresh);
setInterval(refresh, 500); refresh();
`;

/** The client as one page: channels, messages, an input line, and a form to push readings. */
export function pageHtml(): string {
  const options = PEOPLE.map(({ id, name }) => `<option value="${id}">${escapeHtml(name)}</option>`).join('');
  const channels = CHANNELS.map(
    ({ id, name }) => `<button data-channel="${id}" class="${id === 'C0SALES' ? 'on' : ''}"># ${escapeHtml(name)}</button>`,
  ).join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Local Slack</title><style>${STYLE}${LAYOUT}</style>
<div class="all"><nav><h1>Local Slack</h1><label>You are<select id="user">${options}</select></label><br><br>${channels}<button data-channel="D">Creditwatch (direct)</button>
<form><b>Push a reading</b><input name="meter" value="apollo_contacts"><input name="used" placeholder="used"><input name="total" value="1000000"><button>Push</button></form></nav>
<main><div id="timeline"></div><div id="trouble"></div><form class="composer"><input name="text" value="/usage " autocomplete="off" aria-label="Message"><button>Send</button></form></main></div><div id="front"></div><script>${SCRIPT}</script></html>`;
}
