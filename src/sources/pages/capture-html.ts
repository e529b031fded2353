import { CAPTURE_PAGE as text, CAPTURE_TEXTS } from '../../messages/replies/capture-page.ts';
import type { TextName } from './browser/texts.ts';

const texts: Readonly<Record<TextName, string>> = CAPTURE_TEXTS;

/**
 * Writes the page `/capture`. Its addresses are relative, because a proxy may serve it under a path. It has no value of a request: what
 * differs is filled in by its script.
 */
export function captureHtml(): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${html(text.title)}</title>
<link rel="stylesheet" href="capture/style.css">
<script type="application/json" id="texts">${JSON.stringify(texts).replaceAll('<', '\\u003c')}</script>
<script type="module" src="capture/app.js"></script>
<h1>${html(text.heading)}</h1>
<noscript><p>${html(text.needsScript)}</p></noscript>
<main>
<section id="pair" hidden>
<h2>${html(text.pairTitle)}</h2>
<p>${html(text.pairLead)}</p>
<ul class="sources" id="pair-sources"></ul>
<p class="soft">${html(text.pairMay)}</p>
<p class="warning" id="replaces" hidden></p>
<div class="way">
<h3>${html(text.extensionTitle)}</h3>
<p>${html(text.extensionHow)}</p>
<label for="link">${html(text.linkLabel)}</label>
<div class="row"><input id="link" readonly autocomplete="off" spellcheck="false"><button type="button" id="copy-link">${html(text.copy)}</button></div>
<p class="good" id="link-copied" role="status" hidden></p>
<button type="button" id="use-extension">${html(text.extensionDone)}</button>
</div>
<div class="way">
<h3>${html(text.pageTitle)}</h3>
<p>${html(text.pageHow)}</p>
<button type="button" id="use-page" disabled>${html(text.pageDo)}</button>
<p class="bad" id="pair-problem" role="alert" hidden></p>
</div>
</section>
<section id="no-key" hidden>
<h2>${html(text.noKeyTitle)}</h2>
<p class="good" id="forgotten" role="status" hidden></p>
<p>${html(text.noKeyHow)} <code>${html(text.noKeyChat)}</code></p>
<p>${html(text.noKeyOr)} <code>${html(text.noKeyTerminal)}</code></p>
<label for="typed-link">${html(text.noKeyLabel)}</label>
<div class="row"><input id="typed-link" autocomplete="off" spellcheck="false"><button type="button" id="connect">${html(text.connect)}</button></div>
<p class="bad" id="link-problem" role="alert" hidden></p>
</section>
<section id="waiting" hidden><p role="status">${html(text.waiting)}</p></section>
<section id="bookmark" hidden>
<p class="bad" id="damaged-link" role="alert" hidden></p>
<h2>${html(text.bookmarkTitle)}</h2>
<ol>
<li>${html(text.bookmarkSteps[0])}</li>
<li><p>${html(text.bookmarkSteps[1])}</p><p><a class="bookmarklet" id="bookmarklet">${html(text.bookmarkName)}</a></p></li>
<li>${html(text.bookmarkSteps[2])}</li>
</ol>
<details><summary>${html(text.codeTitle)}</summary>
<p><label for="code">${html(text.codeHow)}</label></p>
<div class="row"><input id="code" readonly spellcheck="false"><button type="button" id="copy-bookmarklet">${html(text.copy)}</button></div>
<p class="good" id="code-copied" role="status" hidden></p>
</details>
</section>
<section id="paste" hidden>
<h2>${html(text.pasteTitle)}</h2>
<p class="warning" id="cut-off" role="status" hidden></p>
<p>${html(text.pasteHow)}</p>
<label for="url">${html(text.addressLabel)}</label>
<input id="url" type="url" inputmode="url" autocomplete="off" spellcheck="false" placeholder="${html(text.addressExample)}">
<label for="pasted">${html(text.textLabel)}</label>
<textarea id="pasted" spellcheck="false" autocomplete="off"></textarea>
<p class="bad" id="paste-problem" role="alert" hidden></p>
<button type="button" class="primary" id="show">${html(text.show)}</button>
</section>
<section id="check" hidden>
<h2>${html(text.checkTitle)}</h2>
<p id="sender"></p>
<div id="which" hidden><label for="source">${html(text.sourceLabel)}</label><p><select id="source"><option value="">${html(text.sourceChoose)}</option></select></p></div>
<p class="warning" id="warning" role="alert" hidden></p>
<p id="status" role="status" hidden></p>
<p class="bad" id="problem" role="alert" hidden></p>
<div id="understood" hidden>
<h3 id="figures-title"></h3>
<table><thead><tr>${text.columns.map((column) => `<th scope="col">${html(column)}</th>`).join('')}</tr></thead><tbody id="figures"></tbody></table>
<p class="soft" id="figures-more" hidden></p>
<h3 id="notes-title" hidden></h3>
<ul id="notes"></ul>
<p class="soft" id="notes-more" hidden></p>
</div>
<p class="warning" id="older" role="status" hidden></p>
<p class="good" id="result" role="status" hidden></p>
<div class="row"><button type="button" class="primary" id="store" disabled>${html(text.store)}</button><button type="button" id="back">${html(text.back)}</button></div>
<details><summary>${html(text.textTitle)}</summary><pre id="text" dir="auto"></pre></details>
</section>
<section id="keys" hidden>
<h2>${html(text.keysTitle)}</h2>
<ul class="sources" id="key-sources"></ul>
<button type="button" id="forget">${html(text.forget)}</button>
</section>
</main>
</html>
`;
}

function html(plain: string): string {
  return plain.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
}
