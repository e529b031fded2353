/**
 * `npm run sbom`: writes the bill of materials for production (CycloneDX, dist/sbom.cdx.json), checks that it is complete and that
 * each licence is listed in SECURITY.md, and prints the number of packages per licence.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { RUNTIME } from './prisma-runtime.mjs';

const FILE = 'dist/sbom.cdx.json';
/** Licences that require attribution or nothing. Of "MIT OR EUPL-1.1+", MIT is taken. */
const TAKEN = new Set(['MIT', 'MIT-0', '(MIT OR EUPL-1.1+)', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0']);
const made = spawnSync('npm', ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
  shell: process.platform === 'win32',
});
if (made.status !== 0) {
  console.error(made.stderr);
  process.exit(1);
}
const bill = JSON.parse(made.stdout);
/** Development packages that the build copies into dist. */
const copied = new Set(Object.keys(RUNTIME));
const nameOf = ({ name, group }) => `${group ? `${group}/` : ''}${name}`;
const isDevelopment = ({ name, value }) => name === 'cdx:npm:package:development' && value === 'true';
// `--omit=dev` also leaves out packages that production needs, so development packages are removed here.
bill.components = bill.components
  .filter((one) => copied.has(nameOf(one)) || !(one.properties ?? []).some(isDevelopment))
  .map((one) => (copied.has(nameOf(one)) ? { ...one, properties: one.properties.filter((each) => !isDevelopment(each)) } : one));
const refs = new Set([bill.metadata.component['bom-ref'], ...bill.components.map((one) => one['bom-ref'])]);
bill.dependencies = bill.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map((one) => ({ ...one, dependsOn: (one.dependsOn ?? []).filter((ref) => refs.has(ref)) }));
// The same input results in the same file.
delete bill.serialNumber;
delete bill.metadata.timestamp;
bill.metadata.component.name = 'creditwatch';
writeFileSync(FILE, `${JSON.stringify(bill, null, 2)}\n`);

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const packageAt = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const locked = Object.entries(packages).filter(
  ([path, one]) => path !== '' && (copied.has(packageAt(path)) || (!one.dev && !one.devOptional)),
);
const listed = new Set(bill.components.map((one) => `${nameOf(one)}@${one.version}`));
const faults = [];
const licences = new Map();
for (const [path, { version, license, integrity }] of locked) {
  const name = packageAt(path);
  if (!listed.has(`${name}@${version}`)) faults.push(`${name}@${version} is locked and not in the bill of materials`);
  if (!integrity) faults.push(`${name}@${version} is locked without a checksum`);
  const stated = typeof license === 'string' ? license : 'none stated';
  if (!TAKEN.has(stated)) faults.push(`${name}@${version} has the licence "${stated}", which nobody has looked at`);
  licences.set(stated, (licences.get(stated) ?? 0) + 1);
}
for (const [licence, count] of [...licences].sort(([, a], [, b]) => b - a)) console.log(`${String(count).padStart(4)}  ${licence}`);
for (const fault of faults) console.error(fault);
console.log(`${locked.length} packages in ${FILE}, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
