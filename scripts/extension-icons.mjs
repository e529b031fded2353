/**
 * Draws extension/icons/*.png from teams/icon.svg, with rounded corners, with the Chromium of this machine. Only needed after the drawing
 * has changed: the pictures are committed, so that the extension is the same wherever it is built.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawSvg } from './draw-svg.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ICONS = join(ROOT, 'extension/icons');
const drawing = join(ROOT, 'teams/icon.svg');

mkdirSync(ICONS, { recursive: true });
await drawSvg(
  [16, 32, 48, 128].map((size) => ({ drawing, picture: join(ICONS, `${size}.png`), size })),
  'border-radius:20%',
);
