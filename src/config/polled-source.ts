import type { PollDefinition } from '../core/meters/poll.ts';
import { usualKeyVariable, type Preset } from '../core/vendors/preset.ts';
import { err, ok, type Result } from '../core/result.ts';
import { DAY_MS } from '../core/time/local-time.ts';
import type { PolledSourceConfig } from './config.ts';
import type { WrittenRequests } from '../core/meters/written-request.ts';
import type { WithWrittenPeople } from './people.ts';
import { detailsOf, mappingOf, mergedMeters, meterProblems } from './polled-meters.ts';
import { overlaid, pollRequests, type SourceProblem } from './poll-requests.ts';
import type { PolledSourceFile } from './polled-source-schema.ts';
import { presetsLike } from './preset-search.ts';
import { readPreset } from './presets.ts';

const USUAL_EVERY_MS = 15 * 60_000;
/** For requests that cost credits. */
const COSTLY_EVERY_MS = DAY_MS;
const MINUTE_MS = 60_000;

/** A polled source without the parts that come from elsewhere: the names of its variables, and the allowed private addresses. */
export type PolledSource = WithWrittenPeople<Omit<PolledSourceConfig, 'poll'>> & {
  readonly poll: Omit<PollDefinition, 'keyVariables' | 'allowHosts'>;
};

/** Merges the keys of a source with its preset. The keys of the source win. */
export function polledSource(file: PolledSourceFile): Result<PolledSource, readonly SourceProblem[]> {
  const preset = file.preset === undefined ? null : readPreset(file.preset);
  if (file.preset !== undefined && preset === null) return err([{ path: ['preset'], message: unknownPreset(file.preset) }]);
  const key = file.key ?? null;
  const written = writtenRequests(file, preset);
  const { url } = written;
  const period = file.period ?? preset?.period ?? null;
  const values = valuesOf(file, preset);
  const constants = { ...values, ...(key !== null && { key }) };
  const everyMs = file.every ?? (preset?.costs === true ? COSTLY_EVERY_MS : USUAL_EVERY_MS);
  const leastGapMs = Math.ceil(MINUTE_MS / (file.rate ?? preset?.ratePerMinute ?? MINUTE_MS));
  const meters = mergedMeters(file, preset);
  const built = url === undefined ? null : pollRequests({ ...written, url }, constants);
  const missing = [...missingValues(file, preset, values), ...missingKey(file, preset, written)];
  const problems: SourceProblem[] = [
    ...(url === undefined
      ? [
          {
            path: [],
            message: preset
              ? `the preset ${preset.name} needs url: the address of your own endpoint`
              : 'must have a url, or a preset (npx creditwatch presets lists them)',
          },
        ]
      : []),
    ...missing,
    // Without its values and its key, a source has placeholders that nothing fills.
    ...(missing.length === 0 && built ? [...built.problems, ...unused(file, preset, built.used)] : []),
    ...(everyMs < leastGapMs
      ? [
          {
            path: ['every'],
            message: `is more often than ${preset?.label ?? 'rate'} allows: ${Math.ceil(leastGapMs / 1000)}s at the least`,
          },
        ]
      : []),
    ...meterProblems(file, meters),
  ];
  if (problems.length > 0 || built === null) return err(problems);
  const poll: PolledSource['poll'] = {
    everyMs,
    leastGapMs,
    ...built.requests,
    period,
    cycle: period?.every ?? 'month',
    ...(preset !== null && { preset: preset.name }),
    meters: meters.map((meter) =>
      mappingOf(meter, file, {
        periodStart: file.periodStart ?? preset?.periodStart,
        periodEnd: file.periodEnd ?? preset?.periodEnd,
        observedAt: file.observedAt ?? preset?.observedAt,
      }),
    ),
  };
  return ok({
    id: file.id,
    kind: 'http',
    preset: preset?.name ?? null,
    sensitive: file.sensitive ?? preset?.sensitive ?? false,
    key,
    passwords: built.passwords,
    expires: file.expires ?? null,
    keyPage: preset?.key?.page ?? null,
    period,
    contacts: contactsOf(file, preset),
    meters: Object.fromEntries(meters.map((meter) => [meter.key, detailsOf(meter)])),
    poll,
  });
}

/** The page where more is bought serves where the operator names no contact of their own. */
function contactsOf({ contacts = {} }: PolledSourceFile, preset: Preset | null): PolledSource['contacts'] {
  return preset?.buy === undefined || contacts.sales !== undefined ? contacts : { buy: preset.buy, ...contacts };
}

/** The requests of the preset, with those of the source laid over. */
function writtenRequests(file: PolledSourceFile, preset: Preset | null): WrittenRequests {
  const { headers = {}, key } = file;
  const replaced = new Set<string>([
    ...(file.body === undefined && file.form === undefined ? [] : ['body', 'form']),
    // With an authorization of the source's own, that of the preset is not used.
    ...(Object.keys(headers).some((name) => name.toLowerCase() === 'authorization') ? ['basic'] : []),
  ]);
  const laid = REQUEST_KEYS.flatMap((name) => {
    const value = file[name] ?? (replaced.has(name) ? null : preset?.[name]);
    return value === null || value === undefined ? [] : [[name, value]];
  });
  const ofPreset = preset?.key ?? null;
  const variable = `\${${usualKeyVariable({ key: ofPreset })}}`;
  const ofKey =
    ofPreset?.header !== undefined && key !== undefined ? { [ofPreset.header]: ofPreset.value.replace(variable, '{{key}}') } : {};
  return { ...Object.fromEntries(laid), headers: overlaid(overlaid(preset?.headers ?? {}, ofKey), headers) };
}

const REQUEST_KEYS = [
  'method',
  'url',
  'body',
  'form',
  'basic',
  'token',
  'requests',
  'items',
  'pages',
  'answer',
  'acceptStatus',
  'answerMiB',
] as const;

/** The operator's values, and the usual ones of the preset. */
function valuesOf({ values = {} }: PolledSourceFile, preset: Preset | null): Readonly<Record<string, string>> {
  const usual = Object.entries(preset?.values ?? {}).flatMap(([name, value]) => (value.usual === undefined ? [] : [[name, value.usual]]));
  return { ...Object.fromEntries(usual), ...values };
}

function missingValues(
  { url }: PolledSourceFile,
  preset: Preset | null,
  values: Readonly<Record<string, string>>,
): readonly SourceProblem[] {
  if (preset === null || url !== undefined) return [];
  return Object.entries(preset.values).flatMap(([name, { is, example }]) =>
    values[name] === undefined
      ? [{ path: ['values'], message: `the preset ${preset.name} needs ${is}: add values: { ${name}: "${example}" }, with yours` }]
      : [],
  );
}

/** Reports a missing key. The vendor's own endpoint requires one; another URL may not. */
function missingKey({ url, key }: PolledSourceFile, preset: Preset | null, { headers = {} }: WrittenRequests): readonly SourceProblem[] {
  if (!preset?.key || url !== undefined || key !== undefined) return [];
  const header = preset.key.header ?? (preset.basic === undefined ? null : 'authorization');
  if (header !== null && Object.hasOwn(headers, header)) return [];
  return [{ path: [], message: `the preset ${preset.name} needs ${preset.key.kind}: add key: "\${${usualKeyVariable(preset)}}"` }];
}

/** Reports values and a key that no request sends. */
function unused({ values = {}, key }: PolledSourceFile, preset: Preset | null, used: ReadonlySet<string>): readonly SourceProblem[] {
  const idle = Object.keys(values).filter((name) => !used.has(name));
  return [
    ...idle.map((name) => ({ path: ['values', name], message: `is not used: {{${name}}} is in no request` })),
    ...(key !== undefined && !used.has('key') && preset?.key?.header === undefined
      ? [{ path: ['key'], message: 'is not used: write {{key}} where it goes, such as headers: { authorization: "Bearer {{key}}" }' }]
      : []),
  ];
}

function unknownPreset(name: string): string {
  const [nearest] = presetsLike(name);
  return nearest === undefined ? 'is not known: npx creditwatch presets lists them' : `is not known, did you mean "${nearest}"?`;
}
