import { wordSet } from '../../core/text/numbers/role-vocabulary.ts';

/** "Used up", in the languages of the page reader. */
export const USED_UP =
  /\b(?:used up|exhausted|depleted|(?:ran|has run|have run|['’]ve run) out|(?:are|is|['’]re) out of|(?:reached|hit) (?:your|the) (?:(?:credits?|plan|usage|monthly|annual|yearly|included|subscription|account|full) ){0,3}(?:limit|quota|allowance)|no (?:\p{L}+ ){0,3}(?:left|remaining)|used all)(?!\p{L})|aufgebraucht|erschöpft|vollständig verbraucht|épuisée?s?(?!\p{L})|agotad[oa]s?(?!\p{L})|se han acabado/iu;
/** Not yet: "about to run out", "before they run out". */
export const NOT_YET = wordSet(
  'will soon almost nearly about before approaching close near if when once unless avoid until whether should may might could can',
  'wird werden bald fast beinahe nahezu bevor wenn falls sobald sollten könnten',
  'bientôt presque avant si lorsque quand sera seront pourrait',
  'pronto casi antes si cuando será serán podría',
);
/** A figure after these is not reached, or not exact: "up to 80%", "about 500". */
export const NOT_REACHED = wordSet(
  'almost nearly approaching until about roughly approximately approx around circa',
  'fast beinahe nahezu knapp bis ungefähr etwa rund ca',
  'presque près jusqu environ approximativement',
  'casi hasta cerca aproximadamente unos alrededor',
);
export const UP_TO = /(?:up to|close to|jusqu'à|jusqu’à|cerca de)\s*$/iu;
export const MORE_THAN =
  /(?:more than|over|above|at least|exceeded|mehr als|über|mindestens|plus de|plus du|au moins|dépassé|más de|más del|al menos|superado el|superado)\s*$/iu;
export const FEWER_THAN =
  /(?:fewer than|less than|below|under|only|weniger als|unter|nur noch|nur|moins de|moins du|seulement|menos de|menos del|solo|sólo)\s*$/iu;
/** Before a share of the total, these mean that it is used: "reached 80% of your quota". */
export const REACHED = wordSet(
  'reached hit exceeded crossed surpassed passed',
  'erreicht überschritten',
  'atteint dépassé',
  'alcanzado superado',
);
/** Behind a figure, these make it a difference: "80% more credits than usual". */
export const COMPARED = wordSet(
  'more less fewer extra additional higher lower off bonus',
  'mehr weniger zusätzlich zusätzliche zusätzlichen höher niedriger',
  'plus moins supplémentaire supplémentaires',
  'más menos adicional adicionales extra',
);
/**
 * Sentences about another time, other people, an offer, an excess, a payment, a kind of credits, a part of them or a setting: their figures
 * are not what is used now.
 */
export const ABOUT_ELSE = wordSet(
  'year years quarter quarters since joined ever lifetime jahr jahre jahres quartal quartals seit année ans trimestre depuis año años desde',
  'card cards payment payments kreditkarte zahlung carte paiement tarjeta pago',
  'addon addons purchased prepaid topup topups onetime zugekaufte zugekauften achetés comprados',
  'half halves third thirds most some part portion majority hälfte drittel viertel teil großteil moitié tiers quart quarts partie plupart mitad tercio tercios cuarto cuartos parte mayoría',
  'today yesterday day days week weeks last previous past daily weekly hour hours minute minutes usual average normally per each every',
  'monday tuesday wednesday thursday friday saturday sunday',
  'trial seat seats storage member members user users people person colleague colleagues teammate teammates employee employees client clients customer customers their his her license licenses licence licences',
  'off offer offers sale deal deals discount discounts promo promotion promotional coupon coupons voucher vouchers referral referrals bonus pack packs gift rollover',
  'overage overages excess alert alerts notification notifications threshold rate forecast',
  'heute gestern tag tage tagen woche wochen letzten letzte vormonat täglich wöchentlich stunde stunden minuten durchschnitt durchschnittlich',
  'montag dienstag mittwoch donnerstag freitag samstag sonntag',
  'speicher speicherplatz plätze lizenzen nutzer benutzer mitglied mitglieder kollege kollegin kunde kunden mitarbeiter testphase angebot rabatt bonus gutschein mehrverbrauch warnung schwelle',
  "aujourd'hui aujourd’hui hier jour jours semaine semaines dernier dernière derniers dernières heure heures minutes moyenne habitude",
  'lundi mardi mercredi jeudi vendredi samedi dimanche',
  'stockage utilisateur utilisateurs membre membres collègue client clients leurs licences essai offre remise promotion dépassement excédent alerte alertes seuil',
  'hoy ayer día días semana semanas pasado pasada hora horas minutos promedio media habitual lunes martes miércoles jueves viernes sábado domingo',
  'almacenamiento usuario usuarios miembro miembros colega cliente clientes licencias prueba oferta descuento promoción bono excedente alerta alertas umbral',
);
/** The title of a notice, which has a word of a setting: "Usage alert: 80% of credits used". */
export const TITLE =
  /^(?:\[[^\]]{1,40}\]\s*)?(?:(?:credits?|usage|quota|plan|limit|low|balance)\s+){0,3}(?:alert|warning|notification|notice)\s*:\s*/iu;
/** An amount with this may be of all time: "120,000 credits used in total". */
export const IN_TOTAL = /(?:in total|altogether|insgesamt|au total|en total)(?!\p{L})/iu;
/** A figure after these is what is not meant: "all but 200". */
export const EXCEPT = /(?:but|except|except for|excluding|außer|sauf|salvo|excepto|menos)\s+(?:the\s+|for\s+)?(?:last\s+)?$/iu;
/** Between a share and its role, these begin a clause: "80% of the credits you used". */
export const RELATIVE = wordSet("you we they i that which you've we've you’ve we’ve die sie wir que qui usted");
/** What may stand between a figure and what it counts, and beside what is used up. It makes no other kind of it. */
export const MODIFIERS = wordSet(
  'monthly annual yearly included include includes subscription account workspace team organization organisation company full all usage fully completely entirely month',
  'monatlich monatliche monatlichen monatliches jährlich jährlichen inklusive inkludierten enthaltenen gesamt gesamtes gesamten ganzes ganzen komplett vollständig alle monat konto team',
  'mensuel mensuels mensuelle mensuelles annuel annuels inclus incluse tous toutes tout totalement entièrement mois compte équipe',
  'mensual mensuales anual anuales incluido incluidos todo todos todas totalmente completamente mes cuenta equipo',
);
/** What vendors sell, in words that need no unit. "3 items left" may be about anything. */
export const SOLD =
  /credit(?!\s?cards?(?!\p{L}))|crédit|crédito|guthaben|kontingent|quota|plan(?!\p{L})|allowance|balance|limit|límite|forfait/iu;
/** A share in words. */
export const PERCENT = /(?:per\s?cent|prozent|pour\s?cent|por\s?ciento)(?!\p{L})/iu;
export const PERCENT_AFTER_NUMBER = new RegExp(String.raw`(?<=\d)[\s-]?${PERCENT.source}`, 'giu');
/** The share behind amounts, which says the same: "8,800 of 10,000 (88%)". */
export const SAME_IN_BRACKETS = /\((?<share>\d{1,3}(?:[.,]\d{1,2})?)\s?%\)/u;
/** Words by which a sentence surely writes 1,200.50. */
export const ENGLISH = /\b(?:used|left|remaining|remain|of|your|have|consumed|spent)\b/iu;

/** Before a total: "of 10,000". */
export const OF = wordSet('of von sur de du der aus out from');
/** Between a figure and what it counts, or its total. */
export const SKIPPED = wordSet(
  'your the our a its total insgesamt ihres ihren ihrer ihrem deiner deines der des vos votre tes ton les la le l tus tu su sus los las el of de del du von out',
);
