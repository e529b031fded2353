/** `left`: what is left, if the page does not say what is used. */
export type Figure = {
  readonly label: string;
  readonly used: string;
  readonly left: string | null;
  readonly total: string | null;
  readonly unit: string;
};

/** What Creditwatch answers about a page. `problem`: the sentence of a refusal; null if it cannot be reached. */
export type Answer =
  | {
      readonly ok: true;
      readonly figures: readonly Figure[];
      readonly accepted: number;
      readonly older: number;
      /** The lines that were not understood, and the figures that cannot be stored. */
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly problem: string | null };

export type Page = {
  readonly key: string;
  readonly source: string;
  readonly text: string;
  readonly url: string;
  readonly capturedAt: string;
};

/** After this, the page says that Creditwatch does not answer. */
const LONGEST_WAIT_MS = 30_000;

/** Sends a page. With `preview`, nothing is stored. */
export async function sendPage({ key, ...page }: Page, { preview }: { readonly preview: boolean }): Promise<Answer> {
  try {
    const response = await fetch('v1/pages', {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...page, preview }),
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(LONGEST_WAIT_MS),
    });
    const answer = fieldsOf(await response.json());
    if (!response.ok) return { ok: false, problem: typeof answer['error'] === 'string' ? answer['error'] : null };
    return {
      ok: true,
      figures: listOf(answer['figures']).map((figure) => figureOf(fieldsOf(figure))),
      accepted: numberOf(answer['accepted']),
      older: numberOf(answer['older']),
      notes: [...listOf(answer['rejected']), ...listOf(answer['notes'])].map(textOf),
    };
  } catch {
    return { ok: false, problem: null };
  }
}

function figureOf({ label, used, left, total, unit }: Readonly<Record<string, unknown>>): Figure {
  return {
    label: textOf(label),
    used: textOf(used),
    left: typeof left === 'string' ? left : null,
    total: total === null ? null : textOf(total),
    unit: textOf(unit),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
