import { wordSet } from '../../core/text/numbers/role-vocabulary.ts';

/** "Used up", in the languages of the page reader. */
export const USED_UP =
  /\b(?:used up|exhausted|depleted|(?:ran|has run|have run|['’]ve run) out|(?:are|is|['’]re) out of|(?:reached|hit) (?:your|the) (?:(?:credits?|plan|usage|monthly|annual|yearly|included|subscription|account|full) ){0,3}(?:limit|quota|allowance)|no (?:\p{L}+ ){0,3}(?:left|remaining)|used all)(?!\p{L})|aufgebraucht|erschöpft|vollständig verbraucht|épuisée?s?(?!\p{L})|agotad[oa]s?(?!\p{L})|se han acabado/iu;
/** Words for the credits themselves. A plan or a limit has other things, too: "14 left on your plan". */
export const CREDITS = wordSet('credit credits guthaben guthabens restguthaben crédit crédits crédito créditos');
/** Behind a number, these are a time: "2 months of credits". */
export const TIMES = wordSet('month months cycle period monat monate mois mes meses');
/** A mail about a period that is over, or about nothing that has happened. */
export const OF_ANOTHER_TIME =
  /(?<!\p{L})(?:recap|ended|statement|monthly report|report for|(?:last|previous|prior|past) (?:\p{L}+ )?(?:month|period|cycle|week|quarter|year)|monatsbericht|rückblick|beendet|abgelaufen|(?:letzte|vorige|vergangene)[nrs]? (?:\p{L}+)?(?:monat|zeitraum|woche|quartal|jahr)|(?:mois|semaine|année|période) (?:dernier|dernière|précédente?|passée?)|récapitulatif|terminée?|(?:mes|semana|año|per[ií]odo) (?:pasad[oa]|anterior)|terminado)(?!\p{L})|(?:period|zeitraum|période|per[ií]odo)\s?: ?\p{N}/iu;
/** A mail that only shows what a notice looks like, or takes one back. */
export const NOT_MEANT =
  /(?<!\p{L})(?:this is (?:only |just )?an? (?:test|example|sample)|(?:test|sample) (?:alert|message|e?-?mail|notification|notice)|false alarm|made a mistake|(?:last|previous|earlier) (?:e?-?mail|message|notice|notification|alert)|dies ist (?:nur )?ein (?:test|beispiel)|(?:test|beispiel)(?:nachricht|-?e?-?mail|benachrichtigung|meldung)|fehlalarm|(?:letzte|vorige|frühere)[nrs]? (?:e?-?mail|nachricht|meldung)|ceci est un (?:test|essai|exemple)|(?:message|e-?mail|notification|alerte) (?:de test|d['’]essai|précédente?)|fausse alerte|esto es una? (?:prueba|ejemplo)|(?:mensaje|correo|notificación|alerta|aviso) (?:de prueba|anterior)|falsa alarma)(?!\p{L})/iu;
/** A sentence that begins with its verb asks, or says "if". "Has usado" is Spanish and says something. */
export const ASKS =
  /^\P{L}{0,10}(?:(?:have|are|is|haben|hast|ist|sind)(?!\p{L})|(?:has|hat) (?:your?|the|this|its|ihre?|deine?|das|der|die)(?!\p{L}))/iu;
/** What is used up no longer is. */
export const REFILLED =
  /(?<!\p{L})(?:topped up|recharged|refilled|renewed|reset|added|aufgeladen|erneuert|gutgeschrieben|rechargée?s?|renouvelée?s?|recargad[oa]s?|renovad[oa]s?)(?!\p{L})/iu;
/** A sentence may begin with this. */
export const HEADS_UP = /\bheads[ -]up\b/giu;
/** Nothing is left: "no credits left". */
export const NO_LEFT = /\bno (?=(?:\p{L}+ ){0,3}(?:left|remaining)(?!\p{L}))/giu;
/** The words of "used up". */
export const OF_USED_UP = wordSet(
  "used up exhausted depleted ran run you're you’re reached hit left remaining all full yearly annual",
  'aufgebraucht erschöpft vollständig verbraucht épuisé épuisée épuisés épuisées agotado agotada agotados agotadas acabado',
);
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
/**
 * The words that a sentence may have beside its figures, the names of meters and the words for "used" and "left". Any other word may change
 * what a figure means: a time, a condition, a part, another thing. So a sentence with one is not read.
 */
export const PLAIN = wordSet(
  "you your you've you’ve have has is are been got the a an of out in on for from its all this month month's month’s monthly annual billing cycle period current now currently already still just only",
  'account workspace team organization organisation company subscription included pro basic starter business enterprise premium growth standard low usage alert warning notice reminder attention overview übersicht aperçu resumen',
  'sie du haben hat hast ihr ihre ihrer ihres ihrem ihren dein deine deiner deines deinem ist sind der die das des dem den von zu im in am noch bereits schon nur diesem diesen dieses monat monats monatliche monatlichen monatliches laufenden aktuellen konto abrechnungszeitraum',
  'vous tu avez as votre vos ton tes ont est sont été il le la les de du des sur ce mois mensuel mensuels mensuelle forfait compte déjà encore',
  'ha has usted su sus tu tus le se han el los del este mes mensual mensuales cuenta ya aún solo sólo está están',
);
/** What vendors sell, in words that need no unit: "3 items left" may be about anything. A "Datenkontingent" is something else. */
export const SOLD = wordSet(
  'credit credits quota quotas plan plans allowance balance limit limits',
  'guthaben guthabens restguthaben kontingent kontingents monatskontingent monatskontingents',
  'crédit crédits forfait quota',
  'crédito créditos límite límites saldo',
);
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
