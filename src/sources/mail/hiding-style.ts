/** The declarations of a style that may hide text, by property. */
export type Style = ReadonlyMap<string, { readonly value: string; readonly isImportant: boolean }>;

/** Whether text has no height because of the style around it. Both are inherited, and a child can set them again. */
export type Size = { readonly isZero: boolean; readonly isLineZero: boolean };

export const NO_STYLE: Style = new Map();
export const USUAL_SIZE: Size = { isZero: false, isLineZero: false };

const MOST_STYLE = 2_000;
const MOST_RULES = 5_000;
const ZERO_HIDES = ['max-height', 'max-width', 'height', 'width', 'opacity'];
const AWAY_HIDES = ['text-indent', 'left', 'top'];
const READ = new Set([...ZERO_HIDES, ...AWAY_HIDES, 'display', 'mso-hide', 'visibility', 'clip', 'font', 'font-size', 'line-height']);
const IMPORTANT = /\s{0,5}!\s{0,5}important$/;
const ZERO = /^(?:0+(?:\.0*)?|\.0+)(?:px|pt|em|rem|%)?$/;
/** A size that does not depend on the one around it. */
const OWN_SIZE = /^(?:[\d.]{1,10}(?:px|pt|pc|rem|cm|mm|in|vw)|(?:xx?-)?(?:small|large)|medium|initial)$/;
/** The size and the height of a line in `font: bold 14px/1.5 Arial`. */
const IN_FONT = /(?:^|\s)(0|[\d.]{1,10}(?:px|pt|em|rem|%))(?:\s{0,5}\/\s{0,5}([\d.]{1,10}[a-z%]{0,3}))?(?=\s|$)/;
/** One class, or one of a kind of element: `.x`, `td.x`. Other selectors may depend on what is around, or on the mail program. */
const CLASS_SELECTOR = /^[a-z][a-z\d]{0,20}\.[\w-]{1,60}$|^\.[\w-]{1,60}$/i;

/** Reads the declarations of a style. Of two for one property, the last one counts, or the important one. */
export function styleOf(written: string): Style {
  const all = withoutComments(written.slice(0, MOST_STYLE)).toLowerCase().split(';');
  return joined(
    all.flatMap((one) => {
      const at = one.indexOf(':');
      const [property, value] = [one.slice(0, Math.max(0, at)).trim(), one.slice(at + 1).trim()];
      return READ.has(property) ? [new Map([[property, { value: value.replace(IMPORTANT, ''), isImportant: IMPORTANT.test(value) }]])] : [];
    }),
  );
}

/** Joins the styles of one element, of which a later one counts more. */
export function joined(styles: readonly Style[]): Style {
  const style = new Map<string, { readonly value: string; readonly isImportant: boolean }>();
  for (const [property, declared] of styles.flatMap((one) => [...one]))
    if (declared.isImportant || style.get(property)?.isImportant !== true) style.set(property, declared);
  return style;
}

/** Whether a style hides an element with all that is in it. */
export function hides(style: Style): boolean {
  const get = (property: string) => style.get(property)?.value ?? '';
  if (get('display') === 'none' || get('mso-hide') === 'all' || ['hidden', 'collapse'].includes(get('visibility'))) return true;
  if (ZERO_HIDES.some((property) => ZERO.test(get(property)))) return true;
  return AWAY_HIDES.some((property) => /^-\d{3,}/.test(get(property))) || /^rect\(\s{0,5}0/.test(get('clip'));
}

/** The size of the text in an element, by its own style and the size around it. */
export function sizeIn(style: Style, around: Size): Size {
  const get = (property: string) => style.get(property)?.value;
  const [, inFont = '', lineInFont = ''] = IN_FONT.exec(get('font') ?? '') ?? [];
  const [size, line] = [get('font-size') ?? inFont, get('line-height') ?? lineInFont];
  const isSet = OWN_SIZE.test(size) && !ZERO.test(size);
  return {
    isZero: ZERO.test(size) || (around.isZero && !isSet),
    // A line without height shows its text, so this hides only where no size is set.
    isLineZero: !isSet && (ZERO.test(line) || (around.isLineZero && line === '')),
  };
}

/**
 * Reads the rules of a style sheet that hold for each element with a class. Rules in `@media` are left out: they hold on some screens
 * only. Takes time linear in its length.
 *
 * @returns the style by `.class` or `element.class`
 */
export function classStyles(sheet: string): ReadonlyMap<string, Style> {
  const styles = new Map<string, Style>();
  const open: string[] = [];
  let rules = 0;
  for (const piece of withoutComments(sheet).split(/(?<=[{}])/)) {
    const text = piece.slice(0, -1);
    if (piece.endsWith('{')) {
      open.push(
        text
          .slice(text.lastIndexOf(';') + 1)
          .replaceAll(/<!--|-->/g, '')
          .trim(),
      );
      continue;
    }
    const selectors = open.pop() ?? '';
    if (open.length > 0 || selectors.startsWith('@')) continue;
    const style = styleOf(text);
    for (const one of selectors.split(',')) {
      rules += 1;
      if (rules > MOST_RULES) return styles;
      const key = keyOf(one.trim());
      if (CLASS_SELECTOR.test(key)) styles.set(key, joined([styles.get(key) ?? NO_STYLE, style]));
    }
  }
  return styles;
}

/** The names of elements do not depend on case. */
function keyOf(selector: string): string {
  const at = selector.indexOf('.');
  return selector.slice(0, Math.max(0, at)).toLowerCase() + selector.slice(Math.max(0, at));
}

function withoutComments(text: string): string {
  const [first = '', ...others] = text.split('/*');
  return first + others.map((one) => (one.includes('*/') ? one.slice(one.indexOf('*/') + 2) : '')).join('');
}
