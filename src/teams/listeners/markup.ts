import { Parser } from 'htmlparser2';

/** Elements whose content the sender did not type: mentions, quoted messages, attachments. */
const NOT_TYPED: ReadonlySet<string> = new Set(['at', 'quoted', 'attachment', 'script', 'style', 'title']);

/** Mentions and replies in the HTML version of a text: `http://schema.skype.com/Mention`, `…/Reply`, `…/Forward`. */
const SKYPE_ITEM = /\bschema\.skype\.com\/(?:mention|reply|forward)/i;

const INLINE: ReadonlySet<string> = new Set(
  'a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup u var wbr'.split(' '),
);

/**
 * Returns the text of a message without markup, with character references decoded. The content of mentions, quoted replies and attachments
 * is left out. An element that is never closed hides no text after it.
 */
export function readText(markup: string): string {
  /** One entry for each open element that is left out, and one for the text outside. */
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

/** Whether the HTML quotes another message. */
export function quotesMessage(html: string): boolean {
  return /\bschema\.skype\.com\/(?:reply|forward)/i.test(html);
}
