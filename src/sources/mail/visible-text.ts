import { Parser } from 'htmlparser2';
import { classStyles, hides, joined, NO_STYLE, sizeIn, styleOf, USUAL_SIZE, type Size, type Style } from './hiding-style.ts';

/** Elements whose text is not shown. */
const UNSEEN = new Set(
  'head style script title template noscript noframes svg math canvas audio video textarea select datalist dialog object iframe'.split(' '),
);
/** Text that is crossed out no longer holds, and what is quoted was said by someone else. */
const NOT_SAID = new Set(['s', 'strike', 'del', 'blockquote']);
/** `10<sup>2</sup>` is not 102: a mark before the digit keeps the two apart. */
const RAISED: ReadonlyMap<string, string> = new Map([
  ['sup', '^'],
  ['sub', '_'],
]);
/** Elements within a line. All others begin a new one. */
const INLINE = new Set(
  'a abbr b bdi bdo big cite code del em font i img ins kbd label mark q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);
/** Elements that contain nothing. */
const EMPTY = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
/** Classes of the text before a mail, which a mail program shows in its list only. */
const PREHEADER = /preheader|preview-?text/i;
const MOST_CLASSES = 50;
/** Characters that take no room, which a preheader is padded with. */
const INVISIBLE =
  /\u034F|[\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\u3164\uFEFF\uFFA0]/gu;
const MOST_DEPTH = 500;

/**
 * Returns the text of an HTML mail that its reader sees. Hidden text, such as a preheader, is left out. Takes time linear in its length.
 *
 * @throws {RangeError} if it is nested deeper than any mail
 */
export function visibleText(html: string): string {
  const ofClasses = new Map<string, Style>();
  const open: { readonly name: string; readonly isHidden: boolean; readonly size: Size }[] = [];
  let text = '';
  let style = '';
  let mark = '';
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const around = open.at(-1);
        const own = ownStyle(name, attributes);
        const isHidden = around?.isHidden === true || UNSEEN.has(name) || NOT_SAID.has(name) || isUnseen(attributes) || hides(own);
        if (open.length > MOST_DEPTH) throw new RangeError('too deep');
        if (!INLINE.has(name)) text += '\n';
        mark = RAISED.get(name) ?? mark;
        if (!EMPTY.has(name)) open.push({ name, isHidden, size: sizeIn(own, around?.size ?? USUAL_SIZE) });
      },
      ontext(piece) {
        if (open.at(-1)?.name === 'style') style += piece;
        else if (isSeen()) {
          if (/^\s*\p{N}/u.test(piece)) text += mark;
          text += piece.replaceAll(/[\s\u00A0]+/gu, ' ');
          mark = '';
        }
      },
      onclosetag(name) {
        const at = open.findLastIndex((one) => one.name === name);
        if (name === 'style') readStyle();
        if (at >= 0) open.length = at;
        if (RAISED.has(name)) mark = '';
        if (name === 'td' || name === 'th') text += ' ';
        else if (!INLINE.has(name)) text += '\n';
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.end(html);
  return plainText(text);

  function isSeen(): boolean {
    const around = open.at(-1);
    return around === undefined || !(around.isHidden || around.size.isZero || around.size.isLineZero);
  }

  /** The style of an element by its classes, and by its own declarations, which count more. */
  function ownStyle(name: string, { style: own = '', class: classes = '' }: Attributes): Style {
    const styles = classesIn(classes).flatMap((one) => [ofClasses.get(`.${one}`) ?? [], ofClasses.get(`${name}.${one}`) ?? []].flat());
    return styles.length === 0 && own === '' ? NO_STYLE : joined([...styles, styleOf(own)]);
  }

  function readStyle(): void {
    for (const [selector, one] of classStyles(style)) ofClasses.set(selector, joined([ofClasses.get(selector) ?? NO_STYLE, one]));
    style = '';
  }
}

type Attributes = Readonly<Record<string, string>>;

function isUnseen(attributes: Attributes): boolean {
  return 'hidden' in attributes || classesIn(attributes['class'] ?? '').some((one) => PREHEADER.test(one));
}

function classesIn(written: string): readonly string[] {
  return written === '' ? [] : written.split(/\s+/, MOST_CLASSES);
}

/** Removes invisible characters and empty lines. */
export function plainText(text: string): string {
  return text
    .replaceAll(INVISIBLE, '')
    .split(/\r?\n/)
    .map((line) => line.replaceAll(/[\s\u00A0]+/gu, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}
