/**
 * Draws docs/pictures/terminal.svg from the output of `npm run demo`. Run `npm run picture` after the texts have changed. It runs
 * the demo in a temporary folder.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PICTURES = join(ROOT, 'docs/pictures');

const FONT = 14;
const CHARACTER = FONT * 0.602;
const LINE = 22;
const PADDING = 24;
const TITLE_BAR = 36;

const disc = (colour) => (x, y) => `<circle cx="${x + 8}" cy="${y - 5}" r="6" fill="${colour}"/>`;
/** Drawn as shapes, because not every viewer has a font with these signs. */
const SIGNS = {
  '🔴': disc('#e5484d'),
  '🟠': disc('#f58a1f'),
  '🟡': disc('#f2c744'),
  '🟢': disc('#3fb950'),
  '⚪': disc('#9aa4af'),
  '📊': (x, y) => `<path d="M${x + 2} ${y}v-6h3v6zm5 0v-12h3v12zm5 0v-8h3v8z" fill="#79c0ff"/>`,
};

/** Returns the demo's output up to its next steps. */
async function runDemo() {
  const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-picture-'));
  const demo = spawn(process.execPath, [join(ROOT, 'dist/main.js'), 'demo'], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent' },
    cwd: dataDir,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  try {
    for await (const part of demo.stdout) {
      said += String(part);
      if (said.includes('Listening on')) break;
    }
  } finally {
    demo.kill('SIGINT');
    if (demo.exitCode === null) await once(demo, 'exit');
    rmSync(dataDir, { recursive: true, force: true });
  }
  const end = said.indexOf('\nTry it');
  if (end === -1) throw new Error(`the demo did not come to its end:\n${said}`);
  return said.slice(0, end);
}

function draw(lines) {
  const width = Math.ceil(Math.max(...lines.map((line) => Array.from(line).length + 2)) * CHARACTER + 2 * PADDING);
  const height = TITLE_BAR + lines.length * LINE + PADDING;
  const isHeading = (index) => lines[index - 1] === '' && lines[index + 1] === '';
  const text = lines.map((line, index) => drawLine(line, TITLE_BAR + (index + 1) * LINE - 6, isHeading(index)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="said">
<title id="said">${escaped(lines.join('\n'))}</title>
<rect width="${width}" height="${height}" rx="10" fill="#11161d"/>
<circle cx="22" cy="20" r="6" fill="#ff5f57"/><circle cx="42" cy="20" r="6" fill="#febc2e"/><circle cx="62" cy="20" r="6" fill="#28c840"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT}" fill="#e6edf3">
${text.join('\n')}
</g>
</svg>
`;
}

function drawLine(line, y, isHeading) {
  const [sign = '', ...rest] = Array.from(line);
  const drawn = SIGNS[sign]?.(PADDING, y);
  if (drawn !== undefined) return `${drawn}<text x="${(PADDING + 2 * CHARACTER).toFixed(1)}" y="${y}">${shown(rest.join(''))}</text>`;
  const style = isHeading ? ' fill="#79c0ff"' : line.startsWith('$') ? ' fill="#8b949e"' : '';
  return `<text x="${PADDING}" y="${y}"${style}>${shown(line)}</text>`;
}

/** Renderers of SVG collapse plain spaces, which would lose the indentation. */
function shown(text) {
  return escaped(text).replaceAll(' ', '\u00a0');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const said = (await runDemo()).trim().replaceAll(/\n{3,}/g, '\n\n');
mkdirSync(PICTURES, { recursive: true });
writeFileSync(join(PICTURES, 'terminal.svg'), draw(['$ npm run demo', '', ...said.split('\n')]));
