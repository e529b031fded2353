import { readFileSync } from 'node:fs';
import type { Express, Response } from 'express';
import { captureHtml } from './capture-html.ts';

const PATH = '/capture';

/** The build compiles the scripts beside the compiled modules. Tests run the sources with what the build made. */
const FILES = new URL(import.meta.url.endsWith('.ts') ? '../../../dist/sources/pages/browser/' : './browser/', import.meta.url);
const SCRIPTS = ['app', 'bookmarklet', 'check', 'elements', 'in-front', 'keys', 'pairing', 'send', 'texts'];

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

/**
 * No inline script and nothing from another host, so that a text that is shown cannot run. The opener is not cut off (there is no
 * `Cross-Origin-Opener-Policy`), because the bookmarklet hands the text over through it.
 */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Mounts `GET /capture`, the page that takes a pairing link, and text from the bookmarklet. Its files are read at the first request. */
export function mountCapturePage(): (app: Express) => void {
  const read = new Map<string, string>();
  return (app) => {
    app.get(PATH, (request, response) => {
      // The addresses in the page are relative to this path without a slash at its end.
      if (request.path.endsWith('/')) return response.set(HEADERS).redirect(308, `..${PATH}`);
      return send(response, 'text/html; charset=utf-8', captureHtml());
    });
    for (const name of SCRIPTS) app.get(`${PATH}/${name}.js`, (_request, response) => send(response, SCRIPT, fileOf(`${name}.js`)));
    app.get(`${PATH}/style.css`, (_request, response) => send(response, STYLE, fileOf('style.css')));
  };

  function fileOf(name: string): string {
    const text = read.get(name) ?? readFileSync(new URL(name, FILES), 'utf8');
    read.set(name, text);
    return text;
  }
}

function send(response: Response, type: string, body: string): void {
  response.set({ ...HEADERS, 'content-type': type }).send(body);
}
