import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

/**
 * The limits of Block Kit that Slack documents (docs.slack.dev/reference/block-kit) for the blocks and elements that a bot
 * like this may send. Whatever is not listed is refused, so that a new block comes here first.
 */
const plainText = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(max), emoji: z.boolean().optional() });
const harmless = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !/<!(?:channel|here|everyone|subteam)/.test(text), 'pings a crowd');
const mrkdwn = (max: number) => z.strictObject({ type: z.literal('mrkdwn'), text: harmless(max), verbatim: z.boolean().optional() });
const anyText = (max: number) => z.union([plainText(max), mrkdwn(max)]);
const blockId = { block_id: z.string().min(1).max(255).optional() };
const url = z.url().max(3000);

const style = z.strictObject({
  bold: z.literal(true).optional(),
  italic: z.literal(true).optional(),
  strike: z.literal(true).optional(),
  code: z.literal(true).optional(),
});
const styled = { style: style.optional() };

/** No `broadcast`: nothing that a bot says here is for everybody at once. */
const richTextElement = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1).max(3000), ...styled }),
  z.strictObject({ type: z.literal('user'), user_id: z.string().regex(/^[UW][A-Z0-9]+$/), ...styled }),
  z.strictObject({ type: z.literal('channel'), channel_id: z.string().regex(/^[CGD][A-Z0-9]+$/), ...styled }),
  z.strictObject({ type: z.literal('emoji'), name: z.string().min(1), ...styled }),
  z.strictObject({ type: z.literal('link'), url, text: z.string().min(1).max(3000).optional(), ...styled }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.int().nonnegative(),
    format: z
      .string()
      .regex(
        /\{(?:day_divider_pretty|date_num|date_slash|date_long|date_long_full|date_long_pretty|date|date_pretty|date_short|date_short_pretty|time|time_secs|ago)\}/,
      ),
    fallback: z.string().min(1),
    url: url.optional(),
    ...styled,
  }),
]);
const richTextElements = z.array(richTextElement).min(1);
const section = z.strictObject({ type: z.literal('rich_text_section'), elements: richTextElements });
const richTextPart = z.discriminatedUnion('type', [
  section,
  z.strictObject({ type: z.literal('rich_text_preformatted'), elements: richTextElements, border: z.int().optional() }),
  z.strictObject({ type: z.literal('rich_text_quote'), elements: richTextElements, border: z.int().optional() }),
  z.strictObject({
    type: z.literal('rich_text_list'),
    style: z.enum(['bullet', 'ordered']),
    elements: z.array(section).min(1),
    indent: z.int().optional(),
    border: z.int().optional(),
  }),
]);
const richText = z.strictObject({ type: z.literal('rich_text'), elements: z.array(richTextPart).min(1), ...blockId });

const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: z.string().min(1).max(255),
  value: z.string().max(2000).optional(),
  url: url.optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: z.string().max(75).optional(),
});
const image = { type: z.literal('image'), image_url: url, alt_text: z.string().min(1).max(2000) };
const cell = z.union([z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }), richText]);

/** docs.slack.dev/reference/block-kit/blocks/data-visualization-block, the two shapes in use here. */
const label = z.string().min(1).max(20);
const points = z
  .array(z.strictObject({ label, value: z.number() }))
  .min(1)
  .max(20);
const dataVisualization = z.strictObject({
  type: z.literal('data_visualization'),
  title: z.string().min(1).max(50),
  chart: z
    .strictObject({
      type: z.enum(['line', 'bar']),
      series: z
        .array(z.strictObject({ name: label, data: points }))
        .min(1)
        .max(6),
      axis_config: z.strictObject({
        categories: z.array(label).min(1).max(20),
        x_label: z.string().max(50).optional(),
        y_label: z.string().max(50).optional(),
      }),
    })
    .refine(({ series }) => areDistinct(series.map(({ name }) => name)), 'a series twice')
    .refine(({ axis_config: { categories } }) => areDistinct(categories), 'a category twice')
    .refine(
      ({ series, axis_config: { categories } }) =>
        series.every(({ data }) =>
          isDeepStrictEqual(
            data.map((point) => point.label),
            categories,
          ),
        ),
      'points that are not the categories',
    ),
  ...blockId,
});

const block = z.discriminatedUnion('type', [
  richText,
  z.strictObject({ type: z.literal('header'), text: plainText(150), ...blockId }),
  z.strictObject({ type: z.literal('divider'), ...blockId }),
  z.strictObject({
    type: z.literal('section'),
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: button.optional(),
    ...blockId,
  }),
  z.strictObject({
    type: z.literal('context'),
    elements: z
      .array(z.union([anyText(3000), z.strictObject(image)]))
      .min(1)
      .max(10),
    ...blockId,
  }),
  z.strictObject({
    type: z.literal('actions'),
    elements: z
      .array(button)
      .min(1)
      .max(25)
      .refine((elements) => areDistinct(elements.map((one) => one.action_id)), 'an action_id twice'),
    ...blockId,
  }),
  z.strictObject({ ...image, title: plainText(2000).optional(), ...blockId }),
  z.strictObject({
    type: z.literal('table'),
    rows: z
      .array(z.array(cell).min(1).max(20))
      .min(1)
      .max(100)
      .refine((rows) => new Set(rows.map(({ length }) => length)).size === 1, 'rows of different length'),
    column_settings: z
      .array(z.strictObject({ align: z.enum(['left', 'center', 'right']).optional(), is_wrapped: z.boolean().optional() }))
      .max(20)
      .optional(),
    ...blockId,
  }),
  dataVisualization,
]);

/** Above this Slack was seen to answer `msg_blocks_too_long` (slackapi/bolt-js issue 2509); it documents no number. */
const ALL_BLOCKS = 13_000;

const message = z.object({
  text: harmless(4000),
  blocks: z
    .array(block)
    .min(1)
    .max(50)
    .refine((blocks) => JSON.stringify(blocks).length <= ALL_BLOCKS, 'too long together')
    .refine((blocks) => blocks.filter(({ type }) => type === 'table').length <= 1, 'more than one table')
    .refine((blocks) => blocks.filter(({ type }) => type === 'data_visualization').length <= 2, 'more than two charts')
    .refine((blocks) => new Set(blocks.map((one, index) => one.block_id ?? index)).size === blocks.length, 'a block_id twice')
    .optional(),
});

/** What Slack, or a reader of it, would object to in a message; empty when nothing. */
export function lintMessage(payload: unknown): string[] {
  return objections(message.safeParse(payload));
}

const inputElement = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('plain_text_input'),
    action_id: z.string().min(1).max(255),
    multiline: z.boolean().optional(),
    max_length: z.int().min(1).max(3000).optional(),
    placeholder: plainText(150).optional(),
    initial_value: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('static_select'),
    action_id: z.string().min(1).max(255),
    options: z
      .array(z.strictObject({ text: plainText(75), value: z.string().min(1).max(150) }))
      .min(1)
      .max(100),
    placeholder: plainText(150).optional(),
  }),
]);
const inputBlock = z.strictObject({
  type: z.literal('input'),
  block_id: z.string().min(1).max(255),
  label: plainText(2000),
  element: inputElement,
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
});

const textBlock = z.strictObject({ type: z.literal('section'), text: plainText(3000) });

/** docs.slack.dev/reference/views/modal-views, for forms. */
const modal = z.strictObject({
  type: z.literal('modal'),
  callback_id: z.string().min(1).max(255),
  title: plainText(24),
  submit: plainText(24),
  close: plainText(24).optional(),
  private_metadata: z.string().max(3000),
  blocks: z
    .array(inputBlock.or(textBlock))
    .min(1)
    .max(100)
    .refine((blocks) => areDistinct(blocks.flatMap((one) => ('block_id' in one ? one.block_id : []))), 'a block_id twice'),
});

/** The same for a modal. */
export function lintModal(view: unknown): string[] {
  return objections(modal.safeParse(view));
}

function objections(parsed: z.ZodSafeParseResult<unknown>): string[] {
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

function areDistinct(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}
