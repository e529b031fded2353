import { Parser } from 'htmlparser2';

/** Elements whose text is not shown. */
const UNSEEN = new Set(
  'head style script title template noscript noframes svg math canvas audio video textarea select datalist dialog object iframe'.split(' '),
);
/** Text that is crossed out no longer holds. */
const CROSSED_OUT = new Set(['s', 'strike', 'del']);
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
const HIDING =
  /display:none|visibility:(?:hidden|collapse)|mso-hide:all|(?:^|;)opacity:0(?:\.0*)?(?:;|!|$)|(?:^|;)(?:font-size|line-height|max-height|max-width|height|width):0(?:\.0*)?(?:px|pt|em|rem|%)?(?:;|!|$)|(?:^|;)font:0(?:\.0*)?(?:px|pt|em|rem|%)?\/|text-indent:-\d{3,}|(?:^|;)(?:left|top):-\d{3,}|clip:rect\(0/;
/** Classes of the text before a mail, which a mail program shows in its list only. */
const PREHEADER = /preheader|preview-?text|hidden/i;
/** The style of a rule that hides what has a class: `.x { display: none }`. */
const HIDDEN_CLASS = /\.([\w-]{1,60})\s{0,9}\{([^{}]{0,500})\}/g;
/** Characters that take no room, which a preheader is padded with. */
const INVISIBLE =
  /\u034F|[\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\u3164\uFEFF\uFFA0]/gu;
const MOST_DEPTH = 500;

/** Returns the text of an HTML mail that its reader sees. Hidden text, such as a preheader, is left out. Takes time linear in its length. @throws {RangeError} if it is nested deeper than any mail */
export function visibleText(html: string): string {
  const hiddenClasses = new Set<string>();
  const open: { readonly name: string; readonly isHidden: boolean }[] = [];
  let text = '';
  let style = '';
  let mark = '';
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const isHidden = open.at(-1)?.isHidden === true || UNSEEN.has(name) || CROSSED_OUT.has(name) || hides(attributes);
        if (open.length > MOST_DEPTH) throw new RangeError('too deep');
        if (!INLINE.has(name)) text += '\n';
        mark = RAISED.get(name) ?? mark;
        if (!EMPTY.has(name)) open.push({ name, isHidden });
      },
      ontext(piece) {
        if (open.at(-1)?.name === 'style') style += piece;
        else if (open.at(-1)?.isHidden !== true) {
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

  function hides(attributes: Readonly<Record<string, string>>): boolean {
    const { style: own = '', class: classes = '' } = attributes;
    if ('hidden' in attributes) return true;
    const names = classes.split(/\s+/).slice(0, 50);
    return HIDING.test(plainStyle(own)) || names.some((one) => PREHEADER.test(one) || hiddenClasses.has(one));
  }

  function readStyle(): void {
    for (const [, name = '', rules = ''] of style.matchAll(HIDDEN_CLASS)) if (HIDING.test(plainStyle(rules))) hiddenClasses.add(name);
    style = '';
  }
}

function plainStyle(style: string): string {
  return style
    .slice(0, 2_000)
    .toLowerCase()
    .replaceAll(/\/\*[^*]{0,200}\*\/|\s{1,50}/g, '');
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
