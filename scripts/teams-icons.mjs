/**
 * Draws teams/color.png and teams/outline.png from the SVG files beside them, with the Chromium of this machine. Only needed after
 * the drawings have changed: the pictures are committed, so that the package is the same wherever it is built.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawSvg } from './draw-svg.mjs';

const TEAMS = fileURLToPath(new URL('../teams', import.meta.url));

await drawSvg([
  { drawing: join(TEAMS, 'icon.svg'), picture: join(TEAMS, 'color.png'), size: 192 },
  { drawing: join(TEAMS, 'outline.svg'), picture: join(TEAMS, 'outline.png'), size: 32 },
]);
