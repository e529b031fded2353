import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseUsagePage } from '../../../src/sources/import/usage-page.ts';

// Large: 4,000 pages.

type Language = {
  readonly group: string;
  readonly of: readonly string[];
  readonly names: readonly string[];
  readonly unit: string;
  readonly used: readonly string[];
  readonly left: readonly string[];
  /** Words for what is left that no list of words can hold all of. */
  readonly rest: readonly string[];
  /** The same before the figures, or as a heading. */
  readonly restBefore: readonly string[];
  readonly noise: readonly (readonly string[])[];
};

const LANGUAGES: readonly Language[] = [
  {
    group: ',',
    of: ['/', 'of', 'out of'],
    names: ['Email credits', 'API calls', 'Phone contacts'],
    unit: 'credits',
    used: ['used', 'consumed', 'spent', 'used this month', 'have been used'],
    left: ['left', 'remaining', 'unused', 'not used', 'still available', 'not yet used'],
    rest: [
      'at your disposal',
      'to go',
      'still there',
      'on hand',
      'for you to spend',
      'ready to send',
      'in the tank',
      'can be redeemed',
      'redeemable',
    ],
    restBefore: ['Rem.', 'Avail.', 'Still there:', 'On hand:', 'Redeemable', 'Yours:', 'At your disposal:'],
    noise: [
      ['Nov 77 / 99 credits used', 'Dec 78 / 99 credits used'],
      ['Last month', '77 / 99 credits used'],
      ['Plans', 'Pro: 10,000 credits / month', '$49 / month'],
      ['Rate limit', '100 requests / minute'],
      ['anna@example.com 77 / 99 credits used'],
      ['User\tCredits', 'Anna\t77 / 99 used'],
      ['Invoice 2026-11 $49.00', '© 2026 Acme', 'v2.4.1', 'Phone +1 555 0100'],
      ['Renews 12/31/2026', 'Step 1 of 3', '14 days left in your trial'],
    ],
  },
  {
    group: '.',
    of: ['/', 'von', 'von insgesamt'],
    names: ['E-Mail Credits', 'API Anfragen', 'Kontakte'],
    unit: 'Credits',
    used: ['verbraucht', 'genutzt', 'verwendet', 'wurden verbraucht'],
    left: ['übrig', 'verfügbar', 'verbleibend', 'nicht verbraucht', 'noch nicht genutzt', 'frei'],
    rest: [
      'stehen zur Verfügung',
      'vorhanden',
      'noch da',
      'stehen bereit',
      'abrufbar',
      'zum Versenden',
      'haben Sie noch',
      'sind es noch',
      'in Reserve',
    ],
    restBefore: ['Restl.', 'Verf.', 'Noch da:', 'Einlösbar', 'Restkontingent', 'Zur Verfügung:'],
    noise: [
      ['Nov 77 / 99 Credits verbraucht', 'Dez 78 / 99 Credits verbraucht'],
      ['Letzter Monat', '77 von 99 Credits verbraucht'],
      ['Tarife', 'Pro: 10.000 Credits / Monat', '49,00 € / Monat'],
      ['100 Anfragen / Minute'],
      ['anna@example.com 77 / 99 Credits verbraucht'],
      ['Nutzer\tCredits', 'Anna\t77 / 99 verbraucht'],
      ['Rechnung 2026-11 49,00 €', '© 2026 Acme', 'Version 2.4'],
    ],
  },
  {
    group: '\u202F',
    of: ['/', 'sur'],
    names: ['Crédits e-mail', 'Contacts', 'Messages'],
    unit: 'crédits',
    used: ['utilisés', 'consommés', 'ont été utilisés'],
    left: ['restants', 'disponibles', 'non utilisés', 'pas encore utilisés', 'libres'],
    rest: [
      'à votre disposition',
      'en stock',
      'encore là',
      'que vous pouvez envoyer',
      'en réserve',
      'à dépenser',
      'échangeables',
      'en attente',
    ],
    restBefore: ['Rest.', 'Dispo.', 'Encore là :', 'À votre disposition :', 'En stock :'],
    noise: [
      ['Mois dernier', '77 / 99 crédits utilisés'],
      ['Tarifs', 'Pro : 10\u202F000 crédits / mois', '49,00 € / mois'],
      ['100 messages / minute'],
      ['Utilisateur\tCrédits', 'Anna\t77 / 99 utilisés'],
      ['Facture 2026-11 49,00 €', '© 2026 Acme'],
    ],
  },
  {
    group: '.',
    of: ['/', 'de'],
    names: ['Créditos de correo', 'Tokens', 'Créditos API'],
    unit: 'créditos',
    used: ['usados', 'consumidos', 'utilizados', 'se han usado'],
    left: ['restantes', 'disponibles', 'sin usar', 'no utilizados', 'libres'],
    rest: ['a su disposición', 'en reserva', 'por enviar', 'todavía ahí', 'que puedes enviar', 'pendientes', 'canjeables', 'a tu favor'],
    restBefore: ['Rest.', 'Disp.', 'Te esperan', 'A tu disposición:', 'Pendientes:'],
    noise: [
      ['Mes pasado', '77 / 99 créditos usados'],
      ['Planes', 'Pro: 10.000 créditos / mes', '49,00 € / mes'],
      ['100 llamadas / minuto'],
      ['Usuario\tCréditos', 'Anna\t77 / 99 usados'],
      ['Factura 2026-11 49,00 €', '© 2026 Acme'],
    ],
  },
];

type Meter = { readonly name: string; readonly used: number; readonly total: number };
type Written = { readonly used: string; readonly total: string; readonly left: string; readonly pair: string; readonly pairLeft: string };
type Pick = { readonly used: string; readonly left: string; readonly rest: string; readonly restBefore: string };
/** The lines of one meter. `read`: the reader has to read it; otherwise it may list it. */
type Form = { readonly read: boolean; readonly lines: (name: string, w: Written, l: Language, p: Pick) => readonly string[] };

const share = (w: Written) => Math.floor((Number(w.used.replaceAll(/\D/g, '')) / Number(w.total.replaceAll(/\D/g, ''))) * 100);

const FORMS: Readonly<Record<string, Form>> = {
  'name: used / total used': { read: true, lines: (n, w, _l, p) => [`${n}: ${w.pair} ${p.used}`] },
  'name, then used / total unit used': { read: true, lines: (n, w, l, p) => [n, `${w.pair} ${l.unit} ${p.used}`] },
  'name: left / total left': { read: true, lines: (n, w, _l, p) => [`${n}: ${w.pairLeft} ${p.left}`] },
  'name, then left / total unit left': { read: true, lines: (n, w, l, p) => [n, `${w.pairLeft} ${l.unit} ${p.left}`] },
  'name used / total (share used)': { read: true, lines: (n, w, _l, p) => [`${n} ${w.pair} ${p.used} (${String(share(w))}%)`] },
  'used and left': { read: true, lines: (n, w, _l, p) => [n, `${w.pair} ${p.used}`, `${w.left} ${p.left}`] },
  'used / total, and the pair of what is left below': {
    read: true,
    lines: (n, w, _l, p) => [n, `${w.pair} ${p.used}`, `${w.pairLeft} ${p.left}`],
  },
  'left / total unknown words': { read: false, lines: (n, w, _l, p) => [`${n}: ${w.pairLeft} ${p.rest}`] },
  'left / total unit unknown words': { read: false, lines: (n, w, l, p) => [n, `${w.pairLeft} ${l.unit} ${p.rest}`] },
  'left unknown words of total': { read: false, lines: (n, w, l, p) => [n, `${w.left} ${p.rest} ${l.of.at(-1) ?? ''} ${w.total}`] },
  'unknown words left / total': { read: false, lines: (n, w, l, p) => [n, `${p.restBefore} ${w.pairLeft} ${l.unit}`] },
  'unknown words name left / total': { read: false, lines: (n, w, _l, p) => [`${p.restBefore} ${n} ${w.pairLeft}`] },
  'name unknown words left / total': { read: false, lines: (n, w, _l, p) => [`${n} ${p.restBefore} ${w.pairLeft}`] },
  'unknown words on the line below': { read: false, lines: (n, w, _l, p) => [n, w.pairLeft, p.rest] },
  'unknown words in brackets': { read: false, lines: (n, w, _l, p) => [`${n} ${w.pairLeft} (${p.rest})`] },
  'only the share': { read: false, lines: (n, w, _l, p) => [n, `${String(share(w))}% ${p.used}`] },
  'only what is left': { read: false, lines: (n, w, _l, p) => [`${n}: ${w.left} ${p.left}`] },
};

const written = (amount: number, group: string) => String(amount).replaceAll(/\B(?=(?:\d{3})+$)/g, group);

const page = fc.constantFrom(...LANGUAGES).chain((l) =>
  fc.record({
    l: fc.constant(l),
    names: fc.shuffledSubarray([...l.names], { minLength: 1 }),
    amounts: fc.array(fc.tuple(fc.integer({ min: 1, max: 2_000_000 }), fc.integer({ min: 1, max: 2_000_000 })), {
      minLength: 3,
      maxLength: 3,
    }),
    forms: fc.array(fc.constantFrom(...Object.keys(FORMS)), { minLength: 3, maxLength: 3 }),
    of: fc.constantFrom(...l.of),
    pick: fc.record({
      used: fc.constantFrom(...l.used),
      left: fc.constantFrom(...l.left),
      rest: fc.constantFrom(...l.rest),
      restBefore: fc.constantFrom(...l.restBefore),
    }),
    noise: fc.subarray([...l.noise], { maxLength: 3 }),
    isNoiseFirst: fc.boolean(),
    gap: fc.constantFrom(0, 1),
  }),
);

const slug = (name: string) => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '_');

/** What is wrong with the reading of a page; null if nothing is. */
function fault({
  l,
  names,
  amounts,
  forms,
  of,
  pick,
  noise,
  isNoiseFirst,
  gap,
}: typeof page extends fc.Arbitrary<infer T> ? T : never): string | null {
  const meters = names.map((name, index) => {
    const [a = 1, b = 1] = amounts[index] ?? [];
    const meter: Meter = { name, used: Math.min(a, b), total: Math.max(a, b) };
    const w = (amount: number) => written(amount, l.group);
    const left = meter.total - meter.used;
    const text: Written = {
      used: w(meter.used),
      total: w(meter.total),
      left: w(left),
      pair: `${w(meter.used)} ${of} ${w(meter.total)}`,
      pairLeft: `${w(left)} ${of} ${w(meter.total)}`,
    };
    const form = FORMS[forms[index] ?? ''];
    return { ...meter, form: forms[index], isRead: form?.read === true, lines: form?.lines(name, text, l, pick) ?? [] };
  });
  const others = noise.flatMap((lines) => [...lines, '']);
  const own = meters.flatMap(({ lines }) => [...lines, ...Array.from({ length: gap }, () => '')]);
  const lines = isNoiseFirst ? [...others, ...own] : [...own, '', ...others];
  const { readings, notes } = parseUsagePage(lines.join('\n'));
  for (const { meter, label, used, total } of readings) {
    const truth = meters.find(({ name }) => (label ?? meter).includes(name) || slug(name) === meter);
    if (truth === undefined) return `another meter: ${meter} ${String(used)}/${String(total)}`;
    if (used !== String(truth.used) || total !== String(truth.total))
      return `${truth.form ?? ''}: ${meter} ${String(used)}/${String(total)}`;
  }
  const texts = notes.map((note) => lines[note.line - 1]);
  for (const one of meters) {
    const isRead = readings.some(({ meter, label }) => (label ?? meter).includes(one.name));
    if (!isRead && one.isRead) return `not read: ${one.form ?? ''}`;
    if (!isRead && !one.lines.some((line) => texts.includes(line))) return `silent: ${one.form ?? ''}`;
  }
  return null;
}

test('a page of meters, noise and words in four languages is read as it is meant, or its lines are listed', () => {
  const faults = new Map<string, object>();
  for (const one of fc.sample(page, { numRuns: 4_000, seed: 1 })) {
    const found = fault(one)?.replaceAll(/\d[\d.]*/g, '…') ?? null;
    if (found !== null && !faults.has(found)) faults.set(found, one);
  }
  expect([...faults]).toEqual([]);
});
