/**
 * Builds the app package for Teams: `npm run teams:package -- <app id> [file] [--website <url>] [--privacy <url>] [--terms <url>]
 * [--developer <name>]`. Offline, and byte for byte the same for the same words, so that two people can compare what they are
 * about to upload. Refuses what Microsoft's own schema refuses.
 */
import { AppManifestUtils } from '@microsoft/app-manifest';
import { zipSync } from 'fflate';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const TEAMS = fileURLToPath(new URL('../teams', import.meta.url));
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What a zip says of a file's time, in the local time of whoever builds it: always the same. */
const SAME_TIME = new Date(2026, 0, 1);

const USAGE =
  'Usage: npm run teams:package -- <MicrosoftAppId> [file] [--website <url>] [--privacy <url>] [--terms <url>] [--developer <name>]. The id stands in the Azure portal under Configuration of the bot.';

/**
 * Whom people turn to who see the app in Teams: what was said, else what PUBLIC_URL says, else the examples of the manifest.
 * One address stands for all that are not said.
 */
function developerOf(said, written) {
  const websiteUrl = said.website ?? process.env.PUBLIC_URL;
  return {
    name: said.developer ?? written.name,
    websiteUrl: websiteUrl ?? written.websiteUrl,
    privacyUrl: said.privacy ?? websiteUrl ?? written.privacyUrl,
    termsOfUseUrl: said.terms ?? websiteUrl ?? written.termsOfUseUrl,
  };
}

/** @returns what went wrong; null when the file is written. */
async function buildPackage(appId, file, said) {
  if (!GUID.test(appId)) return USAGE;
  const manifest = JSON.parse(readFileSync(join(TEAMS, 'manifest.json'), 'utf8'));
  manifest.id = appId.toLowerCase();
  manifest.bots[0].botId = appId.toLowerCase();
  manifest.developer = developerOf(said, manifest.developer);
  const { name: _name, ...addresses } = manifest.developer;
  const wrong = Object.values(addresses).find((address) => !URL.canParse(address) || !address.startsWith('https://'));
  if (wrong !== undefined) return `${wrong} is no https address, and Teams takes no other.`;
  const mistakes = await AppManifestUtils.validateAgainstSchema(manifest);
  if (mistakes.length > 0) return `teams/manifest.json or what was said beside it is not what Teams takes:\n  ${mistakes.join('\n  ')}`;
  const files = {
    'manifest.json': Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`),
    [manifest.icons.color]: readFileSync(join(TEAMS, manifest.icons.color)),
    [manifest.icons.outline]: readFileSync(join(TEAMS, manifest.icons.outline)),
  };
  writeFileSync(file, zipSync(files, { mtime: SAME_TIME, level: 9, os: 3, attrs: 0o644 << 16 }));
  console.log(`Wrote ${file}, version ${manifest.version} for ${manifest.id}.\nUpload it: Teams, Apps, Manage your apps, Upload an app.`);
  if (manifest.developer.websiteUrl.startsWith('https://example.com/'))
    console.log('Its addresses are examples, which is enough to try it. For others, name yours: --website https://your.host');
  return null;
}

function words() {
  const string = { type: 'string' };
  try {
    return parseArgs({ allowPositionals: true, options: { website: string, privacy: string, terms: string, developer: string } });
  } catch {
    return { positionals: [], values: {} };
  }
}

const {
  positionals: [appId = '', file = 'creditwatch-teams.zip'],
  values,
} = words();
const problem = await buildPackage(appId, resolve(file), values);
if (problem !== null) {
  console.error(problem);
  process.exitCode = 1;
}
