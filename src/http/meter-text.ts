/** The figures of a meter, in its unit. */
export type MeterFigure = {
  readonly account: string;
  readonly source: string;
  readonly meter: string;
  readonly unit: string;
  /** Null if only what is left is known. */
  readonly used: number | null;
  /** Null if it is not known. */
  readonly remaining: number | null;
  /** Null if unlimited or not known. */
  readonly total: number | null;
  readonly observedAt: Date;
};

/** The gauges of meters. Without a value, a meter has no line. */
const GAUGES: readonly { readonly name: string; readonly help: string; readonly valueOf: (meter: MeterFigure) => number | null }[] = [
  {
    name: 'creditwatch_meter_used',
    help: 'Used, in the unit of the meter; absent when only what is left is known.',
    valueOf: ({ used }) => used,
  },
  { name: 'creditwatch_meter_total', help: 'The allowance; absent when unlimited or not known.', valueOf: ({ total }) => total },
  {
    name: 'creditwatch_meter_remaining',
    help: 'Left, in the unit of the meter; absent when not known.',
    valueOf: ({ remaining }) => remaining,
  },
  {
    name: 'creditwatch_meter_observed_timestamp_seconds',
    help: 'When the figures were observed.',
    valueOf: ({ observedAt }) => observedAt.getTime() / 1000,
  },
];

/**
 * Writes the gauges of meters in the text format of Prometheus, which wants all lines of one gauge together
 * (https://prometheus.io/docs/instrumenting/exposition_formats). A gauge of prom-client would hold a set of labels for each meter, and
 * write all of them without a pause.
 */
export function startMeterText(): { add(meters: readonly MeterFigure[]): void; /** The text, in parts. */ end(): readonly string[] } {
  const texts = GAUGES.map(({ name, help }) => [`# HELP ${name} ${help}\n# TYPE ${name} gauge\n`]);
  return {
    add(meters) {
      const lines = GAUGES.map((): string[] => []);
      for (const meter of meters) {
        const { account, source, meter: key, unit } = meter;
        const labels = `{account="${escaped(account)}",source="${escaped(source)}",meter="${escaped(key)}",unit="${escaped(unit)}"}`;
        GAUGES.forEach(({ name, valueOf }, at) => {
          const value = valueOf(meter);
          if (value !== null) lines[at]?.push(`${name}${labels} ${String(value)}\n`);
        });
      }
      lines.forEach((all, at) => texts[at]?.push(all.join('')));
    },
    end: () => texts.flat(),
  };
}

function escaped(text: string): string {
  return /[\\"\n]/.test(text)
    ? text
        .replaceAll('\\', String.raw`\\`)
        .replaceAll('\n', String.raw`\n`)
        .replaceAll('"', String.raw`\"`)
    : text;
}
