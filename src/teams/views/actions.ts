import { z } from 'zod';
import type { IExecuteAction, ISubmitAction } from '@microsoft/teams.cards';
import { buttonActions, type Button } from '../../core/text/message.ts';

/** The data of a button, which comes back with a click. It is unchecked input, like typed text. */
export const buttonSchema = z.discriminatedUnion('creditwatch', [
  z.object({ creditwatch: z.literal('press'), action: z.enum(buttonActions), value: z.string().max(500) }),
  z.object({ creditwatch: z.literal('submit'), form: z.string().max(200) }),
  z.object({ creditwatch: z.literal('refresh') }),
]);
export type ButtonClick = z.infer<typeof buttonSchema>;

/** Builds a button. Clients without universal actions submit the same data. */
export function buttonAction({ action, label, value, primary }: Button): IExecuteAction {
  const data = { creditwatch: 'press', action, value } satisfies ButtonClick;
  const look = { title: label, ...(primary && { style: 'positive' as const }) };
  const submit: ISubmitAction = { type: 'Action.Submit', ...look, data };
  return { type: 'Action.Execute', ...look, verb: action, data, fallback: submit };
}

export const REFRESH: IExecuteAction = {
  type: 'Action.Execute',
  title: 'Refresh',
  verb: 'refresh',
  data: { creditwatch: 'refresh' } satisfies ButtonClick,
};
