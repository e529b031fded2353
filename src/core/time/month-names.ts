/** The months in English, German, French, Spanish, Italian, Portuguese and Dutch, without accents. */
const NAMES: readonly (readonly string[])[] = [
  ['january', 'januar', 'janner', 'janvier', 'enero', 'gennaio', 'janeiro', 'januari'],
  ['february', 'februar', 'feber', 'fevrier', 'febrero', 'febbraio', 'fevereiro', 'februari'],
  ['march', 'marz', 'maerz', 'mars', 'marzo', 'marco', 'maart', 'mrz'],
  ['april', 'avril', 'abril', 'aprile', 'avr', 'abr'],
  ['may', 'mai', 'mayo', 'maggio', 'maio', 'mei'],
  ['june', 'juni', 'juin', 'junio', 'giugno', 'junho'],
  ['july', 'juli', 'juillet', 'julio', 'luglio', 'julho'],
  ['august', 'aout', 'agosto', 'augustus'],
  ['september', 'septembre', 'septiembre', 'setiembre', 'settembre', 'setembro', 'sept'],
  ['october', 'oktober', 'octobre', 'octubre', 'ottobre', 'outubro'],
  ['november', 'novembre', 'noviembre', 'novembro'],
  ['december', 'dezember', 'decembre', 'diciembre', 'dicembre', 'dezembro'],
];
const SHORTEST = 3;

/** Returns the month, 1 to 12, of a name or its beginning (`Nov`, `Dez.`, `août`). Null if there is none, or several, as for `ju`. */
export function monthOf(name: string): number | null {
  const plain = withoutAccents(name).replace(/\.$/, '');
  if (plain.length < SHORTEST) return null;
  const found = NAMES.flatMap((names, index) => (names.some((one) => one.startsWith(plain)) ? [index + 1] : []));
  return found.length === 1 ? (found[0] ?? null) : null;
}

function withoutAccents(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
