/** Words in the languages of vendors' pages, with all endings written out: `verbleibende`, `restants`, `utilisées`. */
export const REMAINING = wordSet(
  'left remaining remain remains unused unspent leftover unutilized unutilised unconsumed unredeemed unclaimed unassigned unallocated spare',
  'verbleibend verbleibende verbleibenden verbleibender verbleibendes verbleiben verbleibt übrig uebrig übrige übrigen übriger übriges uebrige uebrigen restlich restliche restlichen rest ungenutzt ungenutzte ungenutzten unverbraucht unverbrauchte unbenutzt unbenutzte unverwendet unverwendete',
  'restant restants restante restantes reste restent inutilisé inutilisés inutilisée inutilisées',
  'restante restantes quedan queda restan resta sobrantes sobran faltan inutilizados',
  'rimanente rimanenti rimasto rimasta rimasti rimaste rimane rimangono restano residuo residui inutilizzati',
  'restam resta sobram faltam faltando resterend resterende resteren overgebleven ongebruikt ongebruikte',
);
/** Words for what is left that may also describe the allowance: "used of 5,000 available". */
export const PERHAPS_REMAINING = wordSet(
  'available free',
  'verfügbar verfügbare verfügbaren verfügbarer verfuegbar vorhanden vorhandene vorhandenen vorhandener vorrätig vorrätige vorrätigen frei freie freien offen offene offenen offener offenes',
  'disponible disponibles libre libres',
  'disponibile disponibili disponível disponíveis beschikbaar beschikbare',
);
/** Words beside or above figures that may mean what is left, but are no certain word for it: "at your disposal", "pending", "Reserve". */
export const MAYBE_LEFT = wordSet(
  'rem avail disposal stock hand outstanding pending surplus headroom reserve reserves reserved residual rollover unsent due mine yours ours wallet wallets prepaid pre-paid stored-value',
  'verfügung vorrat bestand restbestand reserve reserven ausstehend anstehend offen parat überschuss geldbörse vorausbezahlt vorausbezahlte vorausbezahlten',
  'disposition dispo réserve réserves reliquat attente surplus portefeuille prépayé prépayés prépayée prépayées',
  'disposición dispo reserva reservas existencias pendiente pendientes excedente monedero cartera prepago prepagado prepagados prepagada prepagadas',
);
/** Nouns of use. As a heading or in a name they say that figures are used, if no other word says the opposite. */
export const USAGE = wordSet(
  'usage usages consumption spend spending utilization utilisation',
  'verbrauch nutzung verwendung auslastung ausgaben',
  'consommation consommations utilisation utilisations dépense dépenses',
  'uso usos consumo consumos utilización gasto gastos utilizzo verbruik gebruik',
);
/** Balances: usually what is left, sometimes what was bought. */
export const BALANCES = wordSet('balance balances guthaben restguthaben saldo saldi saldos tegoed solde soldes');
/** "You have 900 of 1,000": what is left, or what there was. */
export const OWNING = wordSet(
  "have has you've we've got haben habt habe hat hast ai a avez avons tienes tiene tienen tenemos hai ha avete abbiamo tem têm temos tens heb hebt heeft hebben",
);
const USED_IN_ENGLISH = 'used consumed spent utilized utilised redeemed expended';
export const USED = wordSet(
  USED_IN_ENGLISH,
  ...['verbraucht', 'verwendet', 'genutzt', 'benutzt', 'gebraucht', 'aufgebraucht', 'eingesetzt'].map((stem) =>
    ['', 'e', 'en', 'er', 'es'].map((ending) => stem + ending).join(' '),
  ),
  'utilisé utilisés utilisée utilisées consommé consommés consommée consommées dépensé dépensés dépensée dépensées',
  'usado usados usada usadas utilizado utilizados utilizada utilizadas consumido consumidos consumida consumidas gastado gastados gastada gastadas',
  'usato usati usata usate utilizzato utilizzati utilizzata utilizzate consumato consumati consumata consumate speso spesi spese',
  'gastos gebruikt gebruikte verbruikt verbruikte',
);
/** "Used" in English, where "no" denies what follows it and not the verb. */
export const ENGLISH_USED = wordSet(USED_IN_ENGLISH);
/** Verbs of usage. With certain words before them, the usage is in the future. */
export const TO_USE = wordSet(
  'use spend consume redeem go',
  'verwenden nutzen benutzen verbrauchen einsetzen',
  'utiliser consommer dépenser employer',
  'usar utilizar consumir gastar',
  'usare utilizzare consumare spendere gebruiken verbruiken',
);
/** "Usable": what is left, or the whole allowance. */
export const USABLE = wordSet(
  'usable spendable redeemable verwendbar verwendbare nutzbar nutzbare einsetzbar utilisable utilisables utilizable utilizables utilizzabile utilizzabili utilizável utilizáveis bruikbaar bruikbare',
);
/** Words before a verb of usage that mean unused: "sin usar", "à utiliser", "da utilizzare". */
export const UNTIL_NOW = wordSet('sin por sem sans à da senza ohne zonder without');

export const NEGATIONS = wordSet('not never cannot havent hasnt nicht nie niemals ne pas jamais non no nunca jamás não nem niet nooit');
/** Words that negate the noun: "no credits used" next to 50 of 100 says nothing. */
export const DENIALS = wordSet(
  'none neither nor nothing nobody kein keine keiner keinen keines weder nichts niemand aucun aucune rien ningún ninguno ninguna ningunos nada nessun nessuno nessuna niente nenhum nenhuma geen niets',
);
export const MODALS = wordSet(
  'can could may might must should shall will would cannot',
  'kann können könnten könnte darf dürfen dürfte muss müssen soll sollen sollte',
  'peut peuvent pourra pourront pourrait doit doivent',
  'puede pueden podrá podrán podría debe deben pode podem poderá poderão deve devem',
  'può possono potrà potranno devono kan kunnen kon mag mogen moet moeten zal zullen',
);
/** German and Dutch put these after the verb: "verwendet werden können". */
export const MODALS_BEHIND = wordSet('kann können könnten könnte darf dürfen muss müssen sollen sollte kan kunnen mag mogen moet moeten');
export const STILL = wordSet('still yet noch encore ancora aún aun todavía ainda nog');
/** With these words before "used", nothing was used yet: plans, conditions and "hardly". */
export const HEDGES = wordSet(
  'if unless until before when once hardly barely scarcely projected expected estimated planned scheduled reserved forecast',
  'wenn falls bevor sobald kaum geplant voraussichtlich reserviert si avant lorsque prévu prévus prévue prévues estimé estimés réservé réservés',
  'cuando antes hasta previsto previstos estimado estimados reservado reservados quando prima appena previsti stimati apenas indien zodra nauwelijks verwacht verwachte gepland',
);

/** Common words that are neither a unit nor a name: "You have", "of your". */
export const FUNCTION_WORDS = wordSet(
  'have has had having be been being is are was were am do does did get got to for by until till this that these those which who so far already only just about currently now today you your we our i my it its they their there here in on at with and or but if when of the a an as than since during within before after out up yes',
  "you've we've i've you're there's it's you'll",
  'haben habt habe hat hast hatten wurden wurde worden werden wird sind ist war waren gibt bereits schon nur bisher davon diesen dieser diesem dieses im am bis für zur zum von der die das den dem des ein eine ihr ihre ihrer ihren ihnen sie du dein deine deiner wir unser uns es und oder zu',
  'ont avez avons as a été sont est être il vous votre vos nous notre tu tes ce cette ces en dans pour sur par de du des le la les un une et ou que déjà seulement y',
  'han has ha he hay sido ser está están son tiene tienes tienen tenemos se ya solo sólo este esta estos estas para por del el los las una usted ustedes su sus tus y o te le me nos mi',
  'hanno hai avete ho sono è stati state stato stata essere già questo questa questi per di dei della delle il lo i gli hai tuo tuoi tue vostri ti vi e solo',
  'foram foi são estão tem têm temos já em do da dos das os um uma você vocês seu seus sua suas até só',
  'hebben heeft hebt heb zijn werd al deze dit voor van het een je uw jij jouw u nog slechts en tot',
);

export function wordSet(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.normalize('NFC').split(' ')));
}
