/** Money, by its code. `decimals` as ISO 4217 has it. */
export type Currency = { readonly code: string; readonly decimals: number };

const SIGNS: Readonly<Record<string, string>> = {
  '€': 'EUR',
  $: 'USD',
  us$: 'USD',
  a$: 'AUD',
  c$: 'CAD',
  ca$: 'CAD',
  nz$: 'NZD',
  hk$: 'HKD',
  s$: 'SGD',
  r$: 'BRL',
  '£': 'GBP',
  '¥': 'JPY',
  '₹': 'INR',
  '₩': 'KRW',
  '₺': 'TRY',
  '₪': 'ILS',
  zł: 'PLN',
  kč: 'CZK',
  'fr.': 'CHF',
};
const CODES: ReadonlySet<string> = new Set(
  'USD EUR GBP CHF JPY CNY INR KRW AUD CAD NZD HKD SGD SEK NOK DKK PLN CZK HUF RON BGN BRL MXN ILS TRY ZAR AED THB IDR MYR PHP TWD'.split(
    ' ',
  ),
);
const WITHOUT_CENTS: ReadonlySet<string> = new Set(['JPY', 'KRW']);

/** Returns the currency of a sign or a code. Codes must be in capitals, because "try" and "php" are words too. */
export function currencyOf(text: string): Currency | null {
  const code = SIGNS[text.toLowerCase()] ?? (CODES.has(text) ? text : null);
  return code === null ? null : { code, decimals: WITHOUT_CENTS.has(code) ? 0 : 2 };
}

/** Matches a sign or code of a currency, for use in a regular expression. */
export const CURRENCY = String.raw`(?:(?:US|A|C|CA|NZ|HK|S|R)?\$|[€£¥₹₩₺₪]|zł|Kč|Fr\.|[A-Z]{3}(?!\p{L}))`;
