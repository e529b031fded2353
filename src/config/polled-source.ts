import { answerFields } from '../core/meters/answer.ts';
import type { FigureFrom, MeterMapping, PollDefinition } from '../core/meters/poll.ts';
import type { Preset, PresetMeter } from '../core/vendors/preset.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { PolledSourceConfig } from './config.ts';
import { fillPlaceholders } from '../core/meters/placeholder.ts';
import type { WrittenRequests } from '../core/meters/written-request.ts';
import type { WithWrittenPeople, WrittenMeter } from './people.ts';
import { overlaid, pollRequests, type SourceProblem } from './poll-requests.ts';
import type { PolledSourceFile } from './polled-source-schema.ts';
import { presetsLike } from './preset-search.ts';
import { readPreset } from './presets.ts';

const USUAL_EVERY_MS = 15 * 60_000;
/** For requests that cost credits. */
const COSTLY_EVERY_MS = 24 * 60 * 60_000;
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
    ...(meters.length === 0
      ? [{ path: ['meters'], message: 'must name at least one meter, with the expression for used or remaining' }]
      : []),
    ...meters.flatMap(({ key, used, remaining }) =>
      used === undefined && remaining === undefined
        ? [{ path: ['meters', key], message: 'must have an expression for used or remaining' }]
        : totalProblems(file.meters[key] ?? {}, { used, remaining }).map(({ name, message }) => ({ path: ['meters', key, name], message })),
    ),
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
      mappingOf(meter, settingsOf(file, meter.key), {
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
    passwords: [written, written.token, ...Object.values(written.requests ?? {})].flatMap((request) => {
      const password = request?.basic?.password ?? '';
      return password === ''
        ? []
        : [fillPlaceholders(password, (name) => Object.entries(constants).find(([known]) => known === name)?.[1])];
    }),
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

type PolledMeter = { readonly key: string; readonly unit?: string; readonly unitFrom?: string } & Pick<MeterMapping, 'mistakes'> &
  Omit<PresetMeter, 'unit'> &
  Pick<WrittenMeter, 'owner'>;

function mergedMeters(file: PolledSourceFile, preset: Preset | null): readonly PolledMeter[] {
  const keys = [...new Set([...Object.keys(preset?.meters ?? {}), ...Object.keys(file.meters)])];
  return keys.map((key): PolledMeter => {
    const { unit: writtenUnit, budget, lastTopUp, ...said } = file.meters[key] ?? {};
    const { unit: presetUnit, ...known } = preset?.meters[key] ?? {};
    const stated = budget ?? lastTopUp;
    const written = Object.fromEntries(
      Object.entries({ ...said, ...(stated !== undefined && { total: stated }) }).filter(([, value]) => value !== undefined),
    );
    const unit = writtenUnit ?? presetUnit;
    return {
      key,
      ...known,
      ...written,
      // Figures of the operator's own expressions may be negative: they know their vendor.
      ...(isOnlyPresets(key, preset, said) && { mistakes: known.negative === true ? ('minus-one' as const) : ('below-zero' as const) }),
      ...(typeof unit === 'string' ? { unit } : unit === undefined ? {} : { unitFrom: unit.from }),
    };
  });
}

/** Finds mistakes in how a meter states its total. */
function totalProblems(
  { total, budget, lastTopUp }: PolledSourceFile['meters'][string],
  { used, remaining }: Pick<PolledMeter, 'used' | 'remaining'>,
): readonly { readonly name: 'budget' | 'lastTopUp'; readonly message: string }[] {
  const several = [total, budget, lastTopUp].filter((one) => one !== undefined).length > 1;
  return [
    ...(budget !== undefined && several ? [{ name: 'budget' as const, message: 'cannot be together with total or lastTopUp' }] : []),
    ...(lastTopUp !== undefined && several && budget === undefined
      ? [{ name: 'lastTopUp' as const, message: 'cannot be together with total' }]
      : []),
    ...(budget !== undefined && used === undefined
      ? [{ name: 'budget' as const, message: 'is for a meter with used: this one has remaining, so write lastTopUp' }]
      : []),
    ...(lastTopUp !== undefined && remaining === undefined
      ? [{ name: 'lastTopUp' as const, message: 'is for a meter with remaining: this one has used, so write budget' }]
      : []),
  ];
}

/** Whether all figures of a meter are those of the preset. A total that the operator states is no expression of theirs. */
function isOnlyPresets(
  key: string,
  preset: Preset | null,
  { used, remaining, total }: Partial<Pick<PresetMeter, 'used' | 'remaining' | 'total'>>,
): boolean {
  return preset?.meters[key] !== undefined && [used, remaining].every((figure) => figure === undefined) && typeof total !== 'string';
}

/** The expressions of a meter that creditwatch.yml has, with their keys below the source. */
function settingsOf(file: PolledSourceFile, key: string): NonNullable<MeterMapping['settings']> {
  const written = file.meters[key] ?? {};
  return Object.fromEntries(
    answerFields.flatMap((field) => {
      if (field in written && written[field] !== undefined) return [[field, `meters.${key}.${field}`]];
      const isShared = field === 'periodStart' || field === 'periodEnd' || field === 'observedAt';
      return isShared && file[field] !== undefined ? [[field, field]] : [];
    }),
  );
}

function mappingOf(
  meter: PolledMeter,
  settings: NonNullable<MeterMapping['settings']>,
  usual: { readonly periodStart: string | undefined; readonly periodEnd: string | undefined; readonly observedAt: string | undefined },
): MeterMapping {
  return {
    key: meter.key,
    optional: meter.optional ?? false,
    ...(meter.mistakes !== undefined && { mistakes: meter.mistakes }),
    ...(meter.decimals !== undefined && { decimals: meter.decimals }),
    used: figureFrom(meter.used),
    remaining: figureFrom(meter.remaining),
    total: figureFrom(meter.total),
    unit: meter.unitFrom ?? null,
    periodStart: meter.periodStart ?? usual.periodStart ?? null,
    periodEnd: meter.periodEnd ?? usual.periodEnd ?? null,
    observedAt: meter.observedAt ?? usual.observedAt ?? null,
    ...(Object.keys(settings).length > 0 && { settings }),
  };
}

function figureFrom(written: string | number | null | undefined): FigureFrom | null {
  if (written === undefined) return null;
  return typeof written === 'string' ? { expression: written } : { constant: written };
}

function detailsOf({ label, unit, decimals, aliases, owner, consequence }: PolledMeter): WrittenMeter {
  return Object.fromEntries(
    Object.entries({ label, unit, decimals, aliases, owner, consequence }).filter(([, value]) => value !== undefined),
  );
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
  const header = preset?.key?.header;
  const ofKey = header !== undefined && key !== undefined ? { [header]: (preset?.key?.value ?? '').replace(VARIABLE, '{{key}}') } : {};
  return { ...Object.fromEntries(laid), headers: overlaid(overlaid(preset?.headers ?? {}, ofKey), headers) };
}

const REQUEST_KEYS = [
  ...(['method', 'url', 'body', 'form', 'basic', 'token', 'requests', 'items', 'pages'] as const),
  ...(['answer', 'acceptStatus', 'answerMiB'] as const),
];
const VARIABLE = /\$\{\w+\}/;

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
  const variable = VARIABLE.exec(preset.key.value)?.[0] ?? '';
  return [{ path: [], message: `the preset ${preset.name} needs ${preset.key.kind}: add key: "${variable}"` }];
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
