/**
 * Builds the app package for Teams: `npm run teams:package -- <app id> [file]`. Offline, and byte for byte the same for the
 * same id, so that two people can compare what they are about to upload. Refuses what Microsoft's own schema refuses.
 */
import { AppManifestUtils } from '@microsoft/app-manifest';
import { zipSync } from 'fflate';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const TEAMS = fileURLToPath(new URL('../teams', import.meta.url));
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What a zip says of a file's time, in the local time of whoever builds it: always the same. */
const SAME_TIME = new Date(2026, 0, 1);

/** @returns what went wrong; null when the file is written. */
async function buildPackage(appId, file) {
  if (!GUID.test(appId)) return 'Usage: npm run teams:package -- <MicrosoftAppId> [file]. The id stands in the Azure portal under Configuration of the bot.';
  const manifest = JSON.parse(readFileSync(join(TEAMS, 'manifest.json'), 'utf8'));
  manifest.id = appId.toLowerCase();
  manifest.bots[0].botId = appId.toLowerCase();
  const mistakes = await AppManifestUtils.validateAgainstSchema(manifest);
  if (mistakes.length > 0) return `teams/manifest.json is not what Teams takes:\n  ${mistakes.join('\n  ')}`;
  const files = { 'manifest.json': Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), [manifest.icons.color]: readFileSync(join(TEAMS, manifest.icons.color)), [manifest.icons.outline]: readFileSync(join(TEAMS, manifest.icons.outline)) };
  writeFileSync(file, zipSync(files, { mtime: SAME_TIME, level: 9, os: 3, attrs: 0o644 << 16 }));
  console.log(`Wrote ${file}, version ${manifest.version} for ${manifest.id}.\nUpload it: Teams, Apps, Manage your apps, Upload an app.`);
  return null;
}

const [appId = '', file = 'creditwatch-teams.zip'] = process.argv.slice(2);
const problem = await buildPackage(appId, resolve(file));
if (problem !== null) {
  console.error(problem);
  process.exitCode = 1;
}
