import type { FigureFrom, MeterMapping, PollDefinition } from '../core/meters/poll.ts';
import type { Preset, PresetMeter } from '../core/vendors/preset.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { PolledSourceConfig } from './config.ts';
import type { WithWrittenPeople, WrittenMeter } from './people.ts';
import type { PolledSourceFile } from './polled-source-schema.ts';
import { presetsLike } from './preset-search.ts';
import { readPreset } from './presets.ts';

const USUAL_EVERY_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

/** A polled source without the parts that come from elsewhere: the names of its variables, and the allowed private addresses. */
export type PolledSource = WithWrittenPeople<Omit<PolledSourceConfig, 'poll'>> & {
  readonly poll: Omit<PollDefinition, 'keyVariables' | 'allowHosts'>;
};

/** A mistake, with its path below the source. */
type SourceProblem = { readonly path: readonly string[]; readonly message: string };

/** Merges the keys of a source with its preset. The keys of the source win. */
export function polledSource(file: PolledSourceFile): Result<PolledSource, readonly SourceProblem[]> {
  const preset = file.preset === undefined ? null : readPreset(file.preset);
  if (file.preset !== undefined && preset === null) return err([{ path: ['preset'], message: unknownPreset(file.preset) }]);
  const method = file.method ?? preset?.method ?? 'GET';
  const url = file.url ?? preset?.url ?? null;
  const headers = overlaid(keyless(preset), file.headers ?? {});
  const period = file.period ?? preset?.period ?? null;
  const body = file.body === undefined ? (preset?.body ?? null) : typeof file.body === 'string' ? file.body : JSON.stringify(file.body);
  const everyMs = file.every ?? USUAL_EVERY_MS;
  const leastGapMs = Math.ceil(MINUTE_MS / (file.rate ?? preset?.ratePerMinute ?? MINUTE_MS));
  const meters = mergedMeters(file, preset);
  const problems: SourceProblem[] = [
    ...(url === null
      ? [
          {
            path: [],
            message: preset
              ? `the preset ${preset.name} needs url: the address of your own endpoint`
              : 'must have a url, or a preset (npx creditwatch presets lists them)',
          },
        ]
      : []),
    ...(method === 'GET' && body !== null ? [{ path: ['body'], message: 'is not sent with GET: add method: POST' }] : []),
    ...(everyMs < leastGapMs
      ? [
          {
            path: ['every'],
            message: `is more often than ${preset?.label ?? 'rate'} allows: ${Math.ceil(leastGapMs / 1000)}s at the least`,
          },
        ]
      : []),
    ...missingKey(file, preset, headers),
    ...(meters.length === 0
      ? [{ path: ['meters'], message: 'must name at least one meter, with the expression for used or remaining' }]
      : []),
    ...meters.flatMap(({ key, used, remaining }) =>
      used === undefined && remaining === undefined
        ? [{ path: ['meters', key], message: 'must have an expression for used or remaining' }]
        : [],
    ),
  ];
  if (problems.length > 0 || url === null) return err(problems);
  const contentType = body === null ? {} : { 'content-type': 'application/json' };
  const poll: PolledSource['poll'] = {
    everyMs,
    leastGapMs,
    method,
    url,
    body,
    headers: overlaid({ accept: 'application/json', ...contentType }, headers),
    cycle: period?.every ?? 'month',
    meters: meters.map((meter) =>
      mappingOf(meter, {
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
    const { unit: writtenUnit, ...said } = file.meters[key] ?? {};
    const { unit: presetUnit, ...known } = preset?.meters[key] ?? {};
    const written = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
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

/** Whether all figures of a meter are those of the preset. */
function isOnlyPresets(
  key: string,
  preset: Preset | null,
  { used, remaining, total }: Partial<Pick<PresetMeter, 'used' | 'remaining' | 'total'>>,
): boolean {
  return preset?.meters[key] !== undefined && [used, remaining, total].every((figure) => figure === undefined);
}

function mappingOf(
  meter: PolledMeter,
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

/** Merges headers. Names are case-insensitive, and the second group wins. */
function overlaid(under: Readonly<Record<string, string>>, over: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries([...Object.entries(under), ...Object.entries(over)].map(([name, value]) => [name.toLowerCase(), value]));
}

function keyless(preset: Preset | null): Readonly<Record<string, string>> {
  return { ...(preset?.body !== undefined && { 'content-type': 'application/json' }), ...preset?.headers };
}

/** Reports a missing key. The vendor's own endpoint requires one; another URL may not. */
function missingKey({ url }: PolledSourceFile, preset: Preset | null, headers: Readonly<Record<string, string>>): readonly SourceProblem[] {
  if (!preset?.key || url !== undefined || Object.hasOwn(headers, preset.key.header)) return [];
  return [
    {
      path: [],
      message: `the preset ${preset.name} needs ${preset.key.kind}: add headers: { ${preset.key.header}: "${preset.key.value}" }`,
    },
  ];
}

function unknownPreset(name: string): string {
  const [nearest] = presetsLike(name);
  return nearest === undefined ? 'is not known: npx creditwatch presets lists them' : `is not known, did you mean "${nearest}"?`;
}
