import { createRequire } from 'node:module';
import { z } from 'zod';

/**
 * What a card of ours may be made of, by the published rules of Adaptive Cards 1.5 (adaptivecards.io/explorer): every
 * property that is not listed here is refused.
 */
const spacing = z.enum(['None', 'Small', 'Default', 'Medium', 'Large', 'ExtraLarge', 'Padding']).optional();
const size = z.enum(['Default', 'Small', 'Medium', 'Large', 'ExtraLarge']).optional();
const weight = z.enum(['Default', 'Lighter', 'Bolder']).optional();
const fontType = z.enum(['Default', 'Monospace']).optional();

const textRun = z.strictObject({
  type: z.literal('TextRun'),
  text: z.string().min(1),
  size,
  weight,
  fontType,
  isSubtle: z.boolean().optional(),
});
const richTextBlock = z.strictObject({ type: z.literal('RichTextBlock'), inlines: z.array(textRun).min(1), spacing });
const textBlock = z.strictObject({
  type: z.literal('TextBlock'),
  text: z.string().min(1),
  size,
  weight,
  fontType,
  wrap: z.boolean().optional(),
  isSubtle: z.boolean().optional(),
  spacing,
});
const factSet = z.strictObject({
  type: z.literal('FactSet'),
  facts: z.array(z.strictObject({ title: z.string().min(1), value: z.string().min(1) })).min(1),
  spacing,
});
const field = {
  id: z.string().min(1),
  label: z.string().min(1),
  isRequired: z.boolean(),
  errorMessage: z.string().min(1),
  placeholder: z.string().optional(),
  value: z.string().optional(),
};
const textInput = z.strictObject({
  type: z.literal('Input.Text'),
  ...field,
  isMultiline: z.boolean(),
  maxLength: z.number().int().positive(),
});
const choiceSet = z.strictObject({
  type: z.literal('Input.ChoiceSet'),
  ...field,
  style: z.enum(['compact', 'expanded', 'filtered']),
  choices: z.array(z.strictObject({ title: z.string(), value: z.string() })).min(1),
});
const container = z.strictObject({
  type: z.literal('Container'),
  style: z.enum(['default', 'emphasis', 'good', 'attention', 'warning', 'accent']).optional(),
  bleed: z.boolean().optional(),
  items: z.array(z.discriminatedUnion('type', [richTextBlock, textBlock, factSet])).min(1),
  spacing,
});
const element = z.discriminatedUnion('type', [richTextBlock, textBlock, factSet, container, textInput, choiceSet]);

const style = z.enum(['default', 'positive', 'destructive']).optional();
const submit = z.strictObject({
  type: z.literal('Action.Submit'),
  title: z.string().min(1),
  style,
  data: z.record(z.string(), z.unknown()),
});
const execute = z.strictObject({
  type: z.literal('Action.Execute'),
  title: z.string().min(1),
  style,
  verb: z.string().min(1),
  data: z.record(z.string(), z.unknown()),
  fallback: submit.optional(),
});
const openUrl = z.strictObject({ type: z.literal('Action.OpenUrl'), title: z.string().min(1), url: z.url(), style });

const shell = {
  type: z.literal('AdaptiveCard'),
  $schema: z.literal('https://adaptivecards.io/schemas/adaptive-card.json'),
  fallbackText: z.string().min(1),
  body: z.array(element).min(1),
};
const cards = {
  '1.5': z.strictObject({
    ...shell,
    version: z.literal('1.5'),
    refresh: z.strictObject({ action: execute, userIds: z.array(z.string()).max(60) }).optional(),
    actions: z.array(execute).min(1).optional(),
  }),
  '1.4': z.strictObject({ ...shell, version: z.literal('1.4'), actions: z.array(openUrl).min(1).optional() }),
};

/** Elements that only Teams knows; each stands with what is shown elsewhere. */
const EXTENSIONS = ['Chart.Line', 'Chart.VerticalBar', 'Chart.VerticalBar.Grouped', 'CodeBlock'];

const extended = z.looseObject({ type: z.string(), fallback: z.looseObject({ type: z.string() }).optional() });

/** The card as a client sees it that knows no more than the standard: extensions give way to their fallbacks. */
export function projected(card: object): Record<string, unknown> {
  const { msteams: _teamsOnly, body, ...rest } = z.looseObject({ body: z.array(extended) }).parse(card);
  return {
    ...rest,
    body: body.map((one) => {
      if (!EXTENSIONS.includes(one.type)) return one;
      if (one.fallback === undefined) throw new Error(`${one.type} has no fallback`);
      return one.fallback;
    }),
  };
}

const AdaptiveCards: typeof import('adaptivecards') = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js');

/** What is wrong with a card; empty when nothing is. */
export function cardProblems(card: object, version: keyof typeof cards = '1.5', adapter = 18_000): string[] {
  const problems: string[] = [];
  const bytes = Buffer.byteLength(JSON.stringify(card));
  if (bytes > adapter) problems.push(`it counts ${String(bytes)} bytes`);
  const plain = projected(card);
  const parsed = cards[version].safeParse(plain);
  if (!parsed.success) problems.push(z.prettifyError(parsed.error));
  // Microsoft's own reader, which knows more rules than are stated above.
  const context = new AdaptiveCards.SerializationContext(AdaptiveCards.Version.parse(version, new AdaptiveCards.SerializationContext()));
  new AdaptiveCards.AdaptiveCard().parse(plain, context);
  for (let index = 0; index < context.eventCount; index += 1) problems.push(context.getEventAt(index).message);
  return problems;
}

/** All that people read on a card, line by line, as a client that knows no extensions shows it. */
export function shownOn(card: object): string {
  return linesOf(projected(card)['body']).join('\n').replaceAll('\u00A0', ' ').replaceAll('\u2060', '');
}

function linesOf(elements: unknown): string[] {
  return z
    .array(element)
    .parse(elements)
    .flatMap((one): string[] => {
      switch (one.type) {
        case 'RichTextBlock':
          return [one.inlines.map(({ text }) => text).join('')];
        case 'TextBlock':
          return [unescaped(one.text)];
        case 'FactSet':
          return one.facts.map(({ title, value }) => `${unescaped(title)}  ${unescaped(value)}`);
        case 'Container':
          return linesOf(one.items);
        default:
          return [one.label];
      }
    });
}

/** Markdown as it is shown: escaped characters are themselves, and tags of mentions are names. */
function unescaped(text: string): string {
  return text
    .replace(/<\/?at>/g, '')
    .replace(/(?<!\\)\*\*/g, '')
    .replace(/\\([^\w\s])/g, '$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
