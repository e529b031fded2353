import { answerFields } from '../core/meters/answer.ts';
import type { FigureFrom, MeterMapping } from '../core/meters/poll.ts';
import type { Preset, PresetMeter } from '../core/vendors/preset.ts';
import type { WrittenMeter } from './people.ts';
import type { SourceProblem } from './poll-requests.ts';
import type { PolledSourceFile } from './polled-source-schema.ts';

/** A meter of a polled source, with the expressions of the source and those of its preset. */
export type PolledMeter = { readonly key: string; readonly unit?: string; readonly unitFrom?: string } & Pick<MeterMapping, 'mistakes'> &
  Omit<PresetMeter, 'unit'> &
  Pick<WrittenMeter, 'owner'>;

/** Merges the meters of a source with those of its preset. What the source says wins. */
export function mergedMeters(file: PolledSourceFile, preset: Preset | null): readonly PolledMeter[] {
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

/** Finds mistakes in the meters of a source. */
export function meterProblems(file: PolledSourceFile, meters: readonly PolledMeter[]): readonly SourceProblem[] {
  if (meters.length === 0)
    return [{ path: ['meters'], message: 'must name at least one meter, with the expression for used or remaining' }];
  return meters.flatMap(({ key, used, remaining }) =>
    used === undefined && remaining === undefined
      ? [{ path: ['meters', key], message: 'must have an expression for used or remaining' }]
      : totalProblems(key, file.meters[key] ?? {}, { used, remaining }),
  );
}

/** Finds mistakes in how a meter states its total. */
function totalProblems(
  key: string,
  { total, budget, lastTopUp }: PolledSourceFile['meters'][string],
  { used, remaining }: Pick<PolledMeter, 'used' | 'remaining'>,
): readonly SourceProblem[] {
  const several = [total, budget, lastTopUp].filter((one) => one !== undefined).length > 1;
  const problem = (name: 'budget' | 'lastTopUp', message: string): SourceProblem => ({ path: ['meters', key, name], message });
  return [
    ...(budget !== undefined && several ? [problem('budget', 'cannot be together with total or lastTopUp')] : []),
    ...(lastTopUp !== undefined && several && budget === undefined ? [problem('lastTopUp', 'cannot be together with total')] : []),
    ...(budget !== undefined && used === undefined
      ? [problem('budget', 'is for a meter with used: this one has remaining, so write lastTopUp')]
      : []),
    ...(lastTopUp !== undefined && remaining === undefined
      ? [problem('lastTopUp', 'is for a meter with remaining: this one has used, so write budget')]
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

/**
 * Returns how a meter is found in an answer.
 *
 * @param usual the expressions for times of all meters, for those that have none of their own
 */
export function mappingOf(
  meter: PolledMeter,
  file: PolledSourceFile,
  usual: { readonly periodStart: string | undefined; readonly periodEnd: string | undefined; readonly observedAt: string | undefined },
): MeterMapping {
  const settings = settingsOf(file, meter.key);
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

/** Returns what the figures of a meter are shown with. */
export function detailsOf({ label, unit, decimals, aliases, owner, consequence }: PolledMeter): WrittenMeter {
  return Object.fromEntries(
    Object.entries({ label, unit, decimals, aliases, owner, consequence }).filter(([, value]) => value !== undefined),
  );
}
