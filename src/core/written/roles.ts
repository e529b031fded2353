/** What a figure beside an allowance is: what was used of it, or what is left. */
export type Role = 'used' | 'remaining';

/** In the languages that vendors' pages come in. Endings are written out: `verbleibende`, `restants`, `utilisées`. */
const REMAINING = words(
  'left remaining remain remains unused unspent leftover',
  'verbleibend verbleibende verbleibenden verbleibender verbleibendes verbleiben übrig uebrig restlich restliche restlichen rest ungenutzt ungenutzte unverbraucht unverbrauchte unbenutzt',
  'restant restants restante restantes reste restent inutilisé inutilisés inutilisée inutilisées',
  'restante restantes quedan queda restan sobrantes',
  'rimanente rimanenti rimasti rimaste residuo residui resterend resterende ongebruikt ongebruikte',
);
/** The same, and words that also qualify an allowance: "used of 5,000 available". */
const PERHAPS_REMAINING = words(
  'available free',
  'verfügbar verfügbare verfügbaren verfügbarer verfuegbar frei freie freien',
  'disponible disponibles libre libres',
  'disponibile disponibili disponível disponíveis beschikbaar beschikbare',
);
const USED = words(
  'used consumed spent',
  'verbraucht verbrauchte verbrauchten verwendet verwendete genutzt genutzte benutzt gebraucht aufgebraucht',
  'utilisé utilisés utilisée utilisées consommé consommés consommée consommées dépensé dépensés',
  'usado usados usada usadas utilizado utilizados utilizada utilizadas consumido consumidos gastado gastados',
  'usato usati usate utilizzato utilizzati utilizzate consumati consumate gebruikt gebruikte verbruikt',
);
const NOT = words('not yet nicht noch non no pas sin niet usar utiliser');
const NEGATIONS = words('not nicht non no pas sin niet');
/** Role words that are as well part of names: "REST API", "Free contacts", "Left clicks". They count where they end what is said. */
const LOOSE = words('rest left free');
/** What stands behind a loose word that is a role all the same: "left of 1,000", "Rest der Credits". */
const GOES_ON = words('of out from in on for until till this to per', 'der des an von vom bis im für in diesen dieser', 'de du sur pour');
/** How many words on either side tell an acronym from a line in capitals. */
const NEAR = 8;
const ENDS = /^[:()|•·–—,;.]$/u;
/** What is of a REST interface. */
const INTERFACE = words('api apis call calls request requests endpoint endpoints hook hooks service services client clients query queries');
/** What follows "sin": "sin usar". */
const INFINITIVES = words('usar utilizar consumir gastar');

/** Where words stand: around a figure, or in the name of what is counted (before the figure, or a column's header). */
export type Place = 'beside' | 'name';

export type Spoken = {
  readonly role: Role | null;
  /** Said by a word that may qualify the allowance as well, or without a role by one that may be part of a name: not surely either. */
  readonly perhaps: boolean;
  /** Two words that say the opposite of each other. */
  readonly contradicts: boolean;
};

export const UNSPOKEN: Spoken = { role: null, perhaps: false, contradicts: false };

/**
 * What the words around a figure say that it is: "credits used", "nicht verbraucht", "restants".
 *
 * @param spoken words, and marks between them, in their order
 */
export function roleOf(spoken: readonly string[], place: Place = 'beside'): Spoken {
  let used = false;
  let remaining = false;
  let perhaps = false;
  let unclear = false;
  const plain = spoken.map(plainOf);
  plain.forEach((word, index) => {
    if (LOOSE.has(word) && !isOwnWord(plain, index, place)) {
      unclear ||= !isPartOfName(spoken, index);
      return;
    }
    if (isPartOfName(spoken, index)) return;
    const isNegated = [plain[index - 1], NOT.has(plain[index - 1] ?? '') ? plain[index - 2] : undefined].some((before) =>
      NEGATIONS.has(before ?? ''),
    );
    if (isNegated && (USED.has(word) || INFINITIVES.has(word))) remaining = true;
    else if (USED.has(word)) used = true;
    else if (REMAINING.has(word)) remaining = true;
    else if (PERHAPS_REMAINING.has(word)) perhaps = true;
  });
  if (used && remaining) return { role: null, perhaps, contradicts: true };
  const role = used ? 'used' : remaining || perhaps ? 'remaining' : null;
  return { role, perhaps: role === null ? unclear : role === 'remaining' && !remaining, contradicts: false };
}

/** Whether a word that could say what a figure is surely belongs to a name: REST is an interface. */
export function isPartOfName(spoken: readonly string[], index: number): boolean {
  const word = spoken[index] ?? '';
  if (plainOf(word) !== 'rest') return false;
  const isAcronym = word === 'REST' && spoken.slice(Math.max(0, index - NEAR), index + NEAR).some((one) => /\p{Ll}/u.test(one));
  return isAcronym || INTERFACE.has(plainOf(spoken[index + 1] ?? ''));
}

/** Whether a loose word ends what is said, and so belongs to no name. */
function isOwnWord(plain: readonly string[], index: number, place: Place): boolean {
  const next = plain[index + 1];
  if (next === undefined || ENDS.test(next) || GOES_ON.has(next) || isRoleWord(next)) return true;
  // "5/10 credits left Upgrade now": a button of the page follows.
  return place === 'beside' && plain[index] === 'left' && index > 0;
}

/** Whether a word says what a figure is, or is part of how that is said. */
export function isRoleWord(word: string): boolean {
  const plain = plainOf(word);
  return [USED, REMAINING, PERHAPS_REMAINING, NOT, INFINITIVES].some((one) => one.has(plain));
}

/** Words of languages that write 1.614,50. */
const COMMA_LANGUAGE = words(
  'verbraucht verwendet genutzt benutzt gebraucht übrig uebrig verbleibend verbleibende verfügbar verfügbare verfuegbar frei ungenutzt nicht von guthaben kontingent',
  'utilisé utilisés utilisée utilisées consommé consommés restant restants reste disponible disponibles crédits',
  'usado usados utilizado utilizados consumido consumidos restante restantes quedan créditos',
  'utilizzati usati rimanenti disponibili crediti gebruikt resterend beschikbaar verbruikt',
);

/** Whether a word is of a language that writes a comma before the fraction. */
export function isOfCommaLanguage(word: string): boolean {
  return COMMA_LANGUAGE.has(word.toLowerCase().normalize('NFC'));
}

function plainOf(word: string): string {
  return word
    .toLowerCase()
    .normalize('NFC')
    .replace(/(?<=\p{L})\.$/u, '');
}

function words(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.normalize('NFC').split(' ')));
}
