import { z } from 'zod';
import type { IExecuteAction, ISubmitAction } from '@microsoft/teams.cards';
import { buttonActions, type Button } from '../../core/text/message.ts';

/** What a button of ours carries, and brings back when it is pressed: unchecked, like anything that people type. */
export const buttonSchema = z.discriminatedUnion('creditwatch', [
  z.object({ creditwatch: z.literal('press'), action: z.enum(buttonActions), value: z.string().max(500) }),
  z.object({ creditwatch: z.literal('submit'), form: z.string().max(200) }),
  z.object({ creditwatch: z.literal('refresh') }),
]);
export type ButtonClick = z.infer<typeof buttonSchema>;

/** A button. Clients that know no universal action submit the same. */
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
