import { code, richText, strong, type RichText, type Span } from '../../core/text/rich-text.ts';
import type { InstallResult } from './result.ts';

export type InstallPage = { readonly status: number; readonly html: string };

/** The URL that starts the installation, relative to the page that ends it. */
const AGAIN = { text: 'Start again', href: 'install' };
const UNCHANGED = richText`Nothing was changed.`;

/** Builds the last page of an installation: what happened, and the next step. */
export function installPage(end: InstallResult, command: string): InstallPage {
  switch (end.end) {
    case 'installed':
      return page(200, `Creditwatch is in ${end.name}`, [
        richText`Now type in the Slack channel that should hear of credits:`,
        richText`1. ${code('/invite @Creditwatch')}`,
        richText`2. ${code(`${command} subscribe`)}`,
        richText`${code(command)} alone shows the credits at any time. You can close this page.`,
      ]);
    case 'denied':
      return page(403, 'Not installed', [richText`It was declined in Slack. ${UNCHANGED}`], AGAIN);
    case 'stale':
      return page(
        400,
        'This link does not work any more',
        [richText`It works once, for ten minutes, in the browser that it began in. ${UNCHANGED}`],
        AGAIN,
      );
    case 'organisation':
      return page(
        400,
        'One workspace, please',
        [richText`Creditwatch was about to be installed for a whole organisation. ${UNCHANGED} Start again and choose one workspace.`],
        AGAIN,
      );
    case 'other-workspace':
      return page(409, 'This Creditwatch serves another workspace', [
        richText`${strong(end.name)} gets nothing from it, and for the other nothing was changed. Remove the app from ${strong(end.name)} again.`,
        richText`For a second workspace run a second Creditwatch. To move to this one: remove the app from the other, name ${code(end.team)} as ${code('slackTeams')} in creditwatch.yml, restart, install again.`,
      ]);
    case 'unnamed':
      return page(403, 'Not the workspace of this Creditwatch', [
        richText`creditwatch.yml names other workspaces than ${strong(end.name)}. ${UNCHANGED}`,
        richText`If it should be this one: add ${code(end.team)} to ${code('slackTeams')} there, restart, install again. Else remove the app from ${strong(end.name)}.`,
      ]);
    case 'slack-away':
      return page(502, 'Slack did not answer', [richText`${UNCHANGED} Try again in a minute.`], AGAIN);
    case 'slack-refused':
      return page(
        502,
        'Slack refused',
        [
          richText`${UNCHANGED} The log of Creditwatch says why: compare ${code('SLACK_CLIENT_ID')}, ${code('SLACK_CLIENT_SECRET')} and the redirect URL with the Slack app.`,
        ],
        AGAIN,
      );
    case 'failed':
      return page(500, 'This failed on our side', [richText`${UNCHANGED} It is in the log of Creditwatch.`], AGAIN);
    case 'database-away':
      return page(503, 'The database is away', [richText`${UNCHANGED} Try again in a minute.`], AGAIN);
  }
}

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}code{background:#8882;border-radius:4px;padding:.1em .3em}:root{color-scheme:light dark}';

function page(
  status: number,
  title: string,
  lines: readonly RichText[],
  link?: { readonly text: string; readonly href: string },
): InstallPage {
  const paragraphs = [...lines.map((line) => line.map(htmlOf).join('')), ...(link ? [`<a href="${link.href}">${link.text}</a>`] : [])];
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
