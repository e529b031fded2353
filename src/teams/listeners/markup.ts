import { Parser } from 'htmlparser2';

/** What stands inside these was not typed by whoever sent the message: mentions, quoted messages, what is attached. */
const NOT_TYPED: ReadonlySet<string> = new Set(['at', 'quoted', 'attachment', 'script', 'style', 'title']);

/** Mentions and replies in the HTML that Teams sends beside a text: `http://schema.skype.com/Mention`, `…/Reply`, `…/Forward`. */
const SKYPE_ITEM = /\bschema\.skype\.com\/(?:mention|reply|forward)/i;

const INLINE: ReadonlySet<string> = new Set(
  'a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup u var wbr'.split(' '),
);

/**
 * The text in a message without its markup, with character references decoded. What a mention, a quoted reply or an attachment
 * holds is left out; an element that is never closed takes nothing along.
 */
export function readText(markup: string): string {
  /** One entry for each element that is left out, around what belongs to no such element. */
  const open: { readonly name: string; readonly depth: number; text: string }[] = [];
  let depth = 0;
  let typed = '';
  const write = (text: string) => {
    const innermost = open.at(-1);
    if (innermost) innermost.text += text;
    else typed += text;
  };
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        if (!INLINE.has(name)) write(' ');
        if (NOT_TYPED.has(name) || SKYPE_ITEM.test(attributes['itemtype'] ?? '')) open.push({ name, depth, text: '' });
      },
      ontext: write,
      onclosetag(name, implied) {
        const innermost = open.at(-1);
        if (innermost?.name === name && innermost.depth === depth) {
          open.pop();
          if (implied) write(innermost.text);
        }
        depth -= 1;
        if (!INLINE.has(name)) write(' ');
      },
    },
    { decodeEntities: true, recognizeSelfClosing: true, lowerCaseTags: true },
  );
  parser.end(markup);
  return typed;
}

/** Whether HTML quotes another message. */
export function quotesMessage(html: string): boolean {
  return /\bschema\.skype\.com\/(?:reply|forward)/i.test(html);
}
