import type { RichText, Span } from '../../core/text/rich-text.ts';
import { installText } from '../../messages/platforms/slack-install.ts';
import type { InstallResult } from './result.ts';

export type InstallPage = { readonly status: number; readonly html: string };

/** The URL that starts the installation, relative to the page that ends it. */
const START = 'install';

const STATUS: Readonly<Record<InstallResult['end'], number>> = {
  installed: 200,
  denied: 403,
  stale: 400,
  organization: 400,
  'other-workspace': 409,
  unnamed: 403,
  'slack-away': 502,
  'slack-refused': 502,
  failed: 500,
  'database-away': 503,
};

/** Builds the last page of an installation: what happened, and the next step. */
export function installPage(end: InstallResult, command: string): InstallPage {
  const { title, lines, again } = installText(end, command);
  return page(STATUS[end.end], title, lines, again);
}

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}code{background:#8882;border-radius:4px;padding:.1em .3em}:root{color-scheme:light dark}';

function page(status: number, title: string, lines: readonly RichText[], again: string | null): InstallPage {
  const link = again === null ? [] : [`<a href="${START}">${again}</a>`];
  const paragraphs = [...lines.map((line) => line.map(htmlOf).join('')), ...link];
  const body = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n');
  return {
    status,
    html: `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>${escaped(title)}</title>\n<style>${STYLE}</style>\n<h1>${escaped(title)}</h1>\n${body}\n</html>\n`,
  };
}

function htmlOf(span: Span): string {
  if (span.span === 'code') return `<code>${escaped(span.text)}</code>`;
  if (span.span === 'strong') return `<strong>${escaped(span.text)}</strong>`;
  return span.span === 'text' ? escaped(span.text) : '';
}

/** Escapes HTML. People choose the names of workspaces. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
}
