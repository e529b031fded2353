/**
 * Builds the app package for Teams: `npm run teams:package -- <app id> [file] [--website <url>] [--privacy <url>] [--terms <url>]
 * [--developer <name>]`. Works offline. The same arguments result in the same bytes, so that two people can compare their packages.
 * Rejects what Microsoft's schema rejects.
 */
import { AppManifestUtils } from '@microsoft/app-manifest';
import { zipSync } from 'fflate';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const TEAMS = fileURLToPath(new URL('../teams', import.meta.url));
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The fixed time of all files in the zip. Zip stores local times. */
const SAME_TIME = new Date(2026, 0, 1);

const USAGE =
  'Usage: npm run teams:package -- <MicrosoftAppId> [file] [--website <url>] [--privacy <url>] [--terms <url>] [--developer <name>]. The id stands in the Azure portal under Configuration of the bot.';

/**
 * The contact details that Teams shows: from the arguments, otherwise from PUBLIC_URL, otherwise the examples of the manifest. One
 * given address also replaces the missing ones.
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

/** @returns the error; null if the file was written */
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
