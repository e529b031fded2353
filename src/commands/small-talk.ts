/** What people type who do not know the commands: a greeting, thanks, a request to stop, a call for help, a question. */
export type SmallTalk = 'greeting' | 'thanks' | 'stop' | 'help';

const list = (words: string): readonly string[] => words.split(' ');

/** In English, German, French, Spanish, Italian, Portuguese and Dutch. */
const SAID: Readonly<Record<SmallTalk, ReadonlySet<string>>> = {
  greeting: new Set(
    list(
      'hi hello hey heya hiya howdy yo greetings hallo moin servus hej guten bonjour salut coucou hola buenos buenas ciao buongiorno ola olá hoi good morning afternoon evening morgen tag abend test testing ping',
    ),
  ),
  thanks: new Set(
    list(
      'thanks thank thx thanx ty cheers danke dank merci gracias grazie obrigado obrigada bedankt ok okay great cool nice perfect yes no ja nein oui non sí si bye goodbye tschüss adiós adios',
    ),
  ),
  stop: new Set(
    list(
      'stop stopp quit exit cancel abort end enough mute quiet silence off unfollow aufhören arrête arrêtez arreter alto para basta parar',
    ),
  ),
  help: new Set(
    list(
      'help hilfe hilf aide aidez ayuda ayúdame aiuto ajuda hulp menu menü commands command befehle commandes comandos start begin about',
    ),
  ),
};

/** Words that add no meaning next to small talk or the name of a meter. */
const FILLERS: ReadonlySet<string> = new Set(
  list(
    'a an the there you u your me my our us we i it its this that to too so very much lot all for of on in at and is are was be been am im now just again here with from everyone team folks bot creditwatch usage please pls plz bitte svp sil vous te plaît plait por favor show give get tell see look let know status current latest what whats which how many who when where why can could do does did would will should has have had left remaining used using use need want like about up',
  ),
);

const QUESTIONS: ReadonlySet<string> = new Set(
  list(
    'what whats who whos how when where why which can could do does did is are will would should may was wie wer wann wo warum wieso welche welcher kann kannst können könnt gibt hast que quoi comment quand qui où pourquoi quel quelle combien est peux pouvez qué cómo como cuándo cuanto cuánto quién dónde cuál puedes che cosa chi quanto come quando perché',
  ),
);

/** Slack's emoji names, and every character that is not a letter, a digit or a mark on one. */
const NOT_A_WORD = /:[a-z0-9_+-]{1,60}:|[^\p{L}\p{N}\p{M}]+/giu;

/** Returns the words of a text in lower case, without punctuation and emoji. */
export function tokensOf(typed: string): readonly string[] {
  return typed
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(NOT_A_WORD, ' ')
    .split(' ')
    .filter((word) => word !== '');
}

/** Whether a word says nothing about the meter. */
export function isFiller(word: string): boolean {
  return FILLERS.has(word);
}

/** Returns the kind of small talk; null if the text may be the name of a meter. */
export function smallTalk(typed: string): SmallTalk | null {
  const words = tokensOf(typed);
  // For example a thumbs-up, a row of dots, or question marks.
  if (words.length === 0) return /\p{L}|\p{N}/u.test(typed.replace(NOT_A_WORD, '')) ? null : 'help';
  for (const kind of ['help', 'stop', 'thanks', 'greeting'] as const) {
    const said = SAID[kind];
    if (words.some((word) => said.has(word)) && words.every((word) => isSaid(word) || FILLERS.has(word))) return kind;
  }
  return null;
}

/** Whether a text is a question: several words that begin or end like one, `what can you do`, `Was kannst du`. */
export function isQuestion(typed: string): boolean {
  const words = tokensOf(typed);
  return words.length > 1 && (QUESTIONS.has(words[0] ?? '') || /[?？]\s*$/.test(typed) || typed.startsWith('¿'));
}

function isSaid(word: string): boolean {
  return Object.values(SAID).some((said) => said.has(word));
}
