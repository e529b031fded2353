import { wordSet } from '../../core/text/numbers/role-vocabulary.ts';

/**
 * Words beside figures that change nothing in their meaning: what is counted, how it is limited, and for which time. Any other word there
 * makes a pair without "used" or "left" unclear, because it may say that the first figure is left.
 */
export const NEUTRAL = wordSet(
  // What is counted, beyond the nouns that make a meter.
  'link links redirect redirects code codes mailbox mailboxes hour hours day days second seconds image images video videos photo photos file files project projects domain domains query queries lead form forms document documents signature signatures envelope envelopes word words sms call calls conversion conversions employee employees person people member members agent agents workflow workflows item items license licenses licence licences api ai ia ki ip ocr url urls crm pdf qr gb mb kb tb gib mib kib rest inmail',
  'nachricht nachrichten minuten stunde stunden tag tage seite seiten zeile zeilen suche suchen nutzer benutzer platz plätze lizenz lizenzen datensatz datensätze datei dateien bild bilder wort wörter zeichen abfrage abfragen aufruf aufrufe anruf anrufe exporte punkte',
  'requête requêtes courriel courriels utilisateur utilisateurs recherche recherches appel appels ligne lignes heure heures jour jours image images fichier fichiers mot mots caractère caractères siège sièges licences jeton jetons unité unités',
  'contacto contactos correo correos solicitud solicitudes mensaje mensajes usuario usuarios búsqueda búsquedas llamada llamadas fila filas hora horas día días minuto minutos página páginas imagen imágenes archivo archivos palabra palabras unidad unidades licencia licencias asiento asientos exportación exportaciones',
  // Kinds of them.
  'phone mobile data web search text audio media monthly daily weekly yearly annual active paid premium standard basic enrichment marketing export exports plan',
  'monatlich monatliche monatlichen täglich tägliche aktive aktiven mensuel mensuels mensuelle mensuelles actifs mensual mensuales diario diarios activos',
  // The allowance and its time.
  'total max maximum limit quota allowance allotment overall insgesamt gesamt limite máximo límite monatslimit',
  'this current month year week today period cycle so far resets renews per each monat jahr woche heute zeitraum laufenden aktuellen pro je mois année semaine période cours mes año semana período periodo actual',
  // What was done, unless a word such as "not" is before it.
  'sent exported enriched processed performed made created revealed verified gesendet gesendete gesendeten versendet versendete versendeten exportiert exportierte envoyés envoyées exportés enviados enviadas exportados',
  // Words of a sentence without a verb.
  'of in on for the your our my a an and out from by im von vom der die das den dem des für und diesen diesem dieser dieses ihr ihre ihrer ihres ihrem dein deine deiner de du la le les par en ce cette pour votre vos notre et el los las por este esta para su sus tu tus y al del sur aus',
);
/** Neutral words behind figures that are not their unit: controls, and that the allowance is included. */
export const NO_UNIT = wordSet(
  'upgrade manage details view edit info included inklusive enthalten inbegriffen inclus incluse incluses incluido incluidos incluidas',
);
/** After these, a name goes on: "Credits for Apollo", "Crédits d’enrichissement". */
export const NAME_GOES_ON = wordSet('of for per by in via de du des par para von für pro di per van');
/** Abbreviations that are not a word for what is left. */
export const ABBREVIATIONS = wordSet('no nr max min incl inkl mo mtl approx ca tel');
/** In a name: a rate is no allowance, a day of renewal is no figure, and what has expired or was bought is neither used nor left. */
export const OTHER_FIGURES = wordSet(
  'average avg expired lost goal target earned purchased bought refunded durchschnitt abgelaufen abgelaufene ziel gekauft gekaufte moyenne expirés objectif achetés promedio media vencidos objetivo comprados',
  'rate ratio score value version invoice price renews renewal renew reset resets refresh expires expiry due date deadline ablauf rechnung preis datum facture prix échéance factura precio fecha vencimiento',
);

/** Periods that are over: "last month", "Vormonat". */
export const PAST = wordSet(
  'last previous prior past letzter letzte letzten letztes voriger vorige vorigen vergangener vergangene vergangenen dernier dernière derniers dernières précédent précédente passé passée pasado pasada anterior último última últimos últimas',
);
/** Beside a period in a heading or a name. Behind figures, "renews next month" says nothing about them. */
export const NOT_NOW = wordSet(
  'next upcoming coming ago nächster nächste nächsten nächstes kommender kommende kommenden prochain prochaine prochains prochaines próximo próxima próximos próximas siguiente',
);
/** Behind a word for what is over: "Previous plan". */
export const PLANS = wordSet('plan plans tarif abo abonnement forfait subscription');
export const PAST_ALONE = wordSet('yesterday gestern ayer vormonat vorjahr vorwoche');
export const PERIODS = wordSet(
  'day days week weeks month months hours quarter year period cycle tag tage tagen wochen monate monaten stunden jours semaines heures días semanas meses horas tag woche monat quartal jahr zeitraum abrechnungszeitraum abrechnungsmonat abrechnungsperiode rechnungsmonat jour semaine mois trimestre année période cycle día semana mes año periodo período ciclo',
);
/** They name the period that goes on. */
export const CURRENT = wordSet(
  'this current diese diesem diesen dieser dieses aktueller aktuelle laufender laufende ce cette actuel actuelle este esta actual',
);
/** Periods shorter than those of allowances, and what makes them those of each: "per day", "a week", "täglich". */
export const SHORT_PERIODS = wordSet(
  'day week hour minute tag woche stunde jour semaine heure día dia semana hora minuto giorno settimana ora',
);
export const EACH = wordSet('per a each every pro je jede jeden am par por al');
export const DAILY = wordSet(
  'daily weekly hourly täglich tägliche täglichen wöchentlich wöchentliche wöchentlichen stündlich quotidien quotidiens quotidienne quotidiennes hebdomadaire hebdomadaires diario diaria diarios diarias diariamente semanal semanales',
);
export const TODAY = wordSet("today heute aujourd'hui hoy");
/** Between the words of a period: "previous billing cycle", "période de facturation précédente". */
export const BILLING = wordSet('billing usage plan de facturation facturación');
export const UP_TO = wordSet("of until till through to bis stand hasta jusqu'à jusqu'a");
export const WEEKDAYS = wordSet(
  'monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun today montag dienstag mittwoch donnerstag freitag samstag sonntag heute lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo hoy',
);
/** Between and before dates at the end of a name: "from 1 Nov to 30 Nov", "resets on 1 December". */
export const BESIDE_DATES = wordSet(
  "from to until till through since on as of resets renews ends expires vom von bis seit am zum ab au du le depuis jusqu'au desde hasta el del al de",
);
/** Figures of the future: "Projected usage". */
export const FORECAST = wordSet(
  'projected projection forecast expected estimated estimate prognose hochrechnung voraussichtlich voraussichtliche voraussichtlicher geplant geplante erwartet erwartete prévision prévisions prévu prévue prévus prévues estimé estimée previsión previsto prevista previstos previstas estimado estimada estimados',
);
/** With "at" before them, figures go on as they did until now: "At this pace". */
export const PACES = wordSet('pace rate speed trend tempo geschwindigkeit rythme ritmo');
export const AT = wordSet('at bei à a al');
/** Directly before a figure, which then is not exact. Of two words: "less than". */
export const BOUNDS: ReadonlySet<string> = new Set([
  ...wordSet(
    "about approx approximately around roughly almost nearly under below above circa ca etwa ungefähr rund knapp fast über unter bis mindestens höchstens maximal environ presque jusqu'à jusqu'a ongeveer bijna casi hasta aproximadamente quasi",
  ),
  ...'less than,more than,fewer than,up to,at least,at most,close to,weniger als,mehr als,bis zu,moins de,plus de,près de,au moins,au plus,menos de,más de,cerca de,alrededor de,al menos,meno di,più di,meer dan,minder dan'.split(
    ',',
  ),
]);
/** "Left over", "rolled over": what is left. */
export const NO_BOUND_OVER = wordSet('left roll rolled carry carried');
/** At the end of the text before a figure: the level at which something is done. After "is", where the figure stands. */
export const LEVELS = wordSet(
  'at reaches exceed exceeds bei ab erreicht überschreitet à atteint dépasse a alcanza alcance supera supere llega',
);
export const AFTER_IS = wordSet("is are am currently now you're we're they're it's ist sind está están est sont");
/** A condition before figures. */
export const CONDITIONS = wordSet(
  'if when whenever once unless threshold wenn falls sobald schwelle schwellenwert si quand lorsque dès seuil cuando umbral',
);
/** At the end of a name, one of something that only tells of a level: "Usage alert". Several of them may be counted: "Alerts". */
export const ALERTS = wordSet(
  'alert alerting warning notification reminder alarm warnung benachrichtigung hinweis erinnerung alarme alerte avertissement rappel alerta aviso advertencia recordatorio warnschwelle warngrenze',
);
/** What a setting of an alert is called, behind it: "Alert level". */
export const OF_ALERTS = wordSet('level limit setting settings trigger value at');
/** In a name: its figures are computed from those of several days or accounts, or only proposed. */
export const STATISTICS = wordSet(
  'average avg mean median peak highest lowest typical recommended suggested benchmark durchschnitt durchschnittlich durchschnittliche durchschnittlicher spitze spitzenwert höchstwert empfohlen empfohlene moyenne médiane recommandé recommandés promedio mediana recomendado recomendados',
);
/** What was done and did not work: neither used nor left. */
export const FAILED = wordSet(
  'failed bounced blocked rejected skipped queued fehlgeschlagen fehlgeschlagene abgelehnt abgelehnte blockiert blockierte échoués échouées rejetés rejetées bloqués bloquées fallidos fallidas rechazados rechazadas bloqueados bloqueadas',
);
/** Before a month: "Emails in October". */
export const IN = wordSet('in im en for during für pour para');
/** The beginnings of controls, offers and positions in a list. */
export const CONTROLS = wordSet(
  'upgrade upgraden downgrade buy showing displaying viewing kaufen zeige achetez acheter comprar mejora mejorar mostrando affichage',
);
export const SWITCHES = wordSet('switch change move wechseln passer passez cambia cambiar actualiza');
export const TO_PLAN = wordSet('to zu auf à a');
export const EXAMPLES = wordSet('example e.g beispiel bsp exemple ejemplo');
/** Headings and headers of rows that belong to one person each. */
export const MEMBERS = wordSet(
  'user users member members teammate teammates employee employees nutzer benutzer mitglied mitglieder mitarbeiter utilisateur utilisateurs membre membres usuario usuarios miembro miembros',
);
export const BY = wordSet('by per pro je nach par por');
/** Words between those that make a heading: "Usage in the last month", "Total usage". */
export const JOINS_HEADING = wordSet(
  'of in for from during the your total api ai im in am aus von für der die das den dem des gesamt du de des la le les en pour votre del el los las para su',
);
/** Headings of a page or section, which name no meter. */
export const SECTIONS = wordSet(
  'overview dashboard summary billing plan plans subscription settings account home details limits and übersicht abrechnung tarif konto einstellungen und aperçu facturation abonnement compte et resumen facturación cuenta ajustes y',
);
