import { z } from 'zod';
import { errorName } from '../../core/error-name.ts';
import type { Message } from '../../core/text/message.ts';
import { plainMessage } from '../../messages/text/plain.ts';
import { UNAVAILABLE } from '../../messages/replies/errors.ts';
import { toRequesterAlone } from '../../ports/inbound/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { CurrentMessage } from '../../ports/outbound/current-message.ts';
import type { Inbound, InvokeAnswer } from './endpoint.ts';
import { scopeOf, type Activity } from './activity.ts';
import { requesterOf } from './requester.ts';
import { CARD } from '../views/activity.ts';
import { nameOf } from '../views/people.ts';
import { buttonSchema, type ButtonClick } from '../views/actions.ts';
import { teamsCard } from '../views/card.ts';
import { formCard } from '../views/form.ts';
import type { Arriving, ListenerDeps } from './messages.ts';
import { takeButton, type Taken } from './button.ts';
import { belowText, OLD_BUTTON, POSTED_BELOW, UNCHANGED, UNKNOWN_PERSON } from '../../messages/platforms/teams-toasts.ts';

/** The click of a button and its data (learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model). */
const actionSchema = z.object({ action: z.object({ type: z.literal('Action.Execute'), data: z.unknown().optional() }) });

/** Returns the data of a clicked button. Null for another invoke, or for a button of a version that no longer exists. */
function pressIn({ type, name, value }: Activity): { readonly pressed: ButtonClick; readonly data: unknown } | null {
  if (type !== 'invoke' || name !== CARD_ACTION) return null;
  const parsed = actionSchema.safeParse(value);
  const pressed = parsed.success ? buttonSchema.safeParse(parsed.data.action.data) : null;
  return parsed.success && pressed?.success ? { pressed: pressed.data, data: parsed.data.action.data } : null;
}

/** Whether the activity is a click on a button. A client's refresh of a card is not. */
export function isButtonClick(activity: Activity): boolean {
  const press = pressIn(activity);
  return press !== null && press.pressed.creditwatch !== 'refresh';
}

const CARD_ACTION = 'adaptiveCard/action';
const TOAST = 'application/vnd.microsoft.activity.message';

/**
 * Creates the listener for clicks. Each click is answered at once: with the updated card for the person who clicked (the edit for all
 * follows), or with a line that only this person sees. Resolves to null for an invoke that is not a click.
 */
export function cardActionListener({
  chat,
  membership,
  answers,
  patience,
  clock,
  log,
  currentMessage,
  meanwhile,
}: ListenerDeps & {
  readonly currentMessage: CurrentMessage;
  readonly clock: Clock;
  readonly log: Log;
  /** Receives work that continues after the answer. */
  readonly meanwhile: (work: Promise<void>) => void;
}): (inbound: Inbound, arrive: () => Arriving) => Promise<InvokeAnswer | null> {
  return async (inbound, arrive) => {
    const { activity } = inbound;
    if (activity.name !== CARD_ACTION) return null;
    const press = pressIn(activity);
    if (press === null) {
      log.info({ type: activity.type, name: activity.name }, 'ignored Teams button: unknown or out of date');
      return {
        statusCode: 400,
        type: 'application/vnd.microsoft.error',
        value: { code: 'BadRequest', message: OLD_BUTTON },
      };
    }
    const { kept, refused } = arrive();
    const take = () =>
      patience.attempt<Taken>(async () => {
        const refusal = await refused;
        if (refusal !== null) return toRequesterAlone(refusal);
        await kept;
        return takeButton(press.pressed, press.data, requesterOf(inbound, membership), chat);
      });
    const first = take();
    const taken = await patience.soon(first);
    if (taken !== null && taken !== 'late') return answer(inbound, taken, press.pressed.creditwatch === 'submit');
    meanwhile(patience.later(first, take, saidAlready).then((late) => (late === null ? undefined : afterwards(inbound, late))));
    return toast(plainMessage(UNAVAILABLE, await answers.context(inbound.account, UNAVAILABLE)));
  };

  /** Replies inside the answer to the click. */
  async function answer(inbound: Inbound, taken: Taken, submitted: boolean): Promise<InvokeAnswer> {
    const { activity, account } = inbound;
    if (taken.kind === 'done') return (await cardNow(inbound)) ?? toast(UNCHANGED);
    if (taken.kind === 'invalid') return card(formCard(taken.reopened, { timeZone: 'UTC', now: clock.now(), names: new Map() }, taken));
    // The submitted form is shown again, with its problems.
    if (taken.kind === 'form' && submitted) return card(formCard(taken.form, { timeZone: 'UTC', now: clock.now(), names: new Map() }));
    if (taken.kind === 'form') {
      await answers.privately(inbound, taken.form);
      return toast(belowText('form', scopeOf(activity) === 'personal'));
    }
    if (submitted && taken.to !== 'alone') {
      // The reply replaces the submitted form.
      await answers.inPlace(inbound, taken.message);
      return card(teamsCard(taken.message, await answers.context(account, taken.message)));
    }
    return tell(inbound, taken);
  }

  /** Replies after Teams has stopped waiting: changes are edited for all, and the reply is a new message. */
  async function afterwards(inbound: Inbound, taken: Taken): Promise<void> {
    if (taken.kind === 'invalid') await answers.privately(inbound, taken.reopened, taken);
    if (taken.kind === 'form') await answers.privately(inbound, taken.form);
    if (taken.kind === 'message' && taken.to === 'everybody') await answers.openly(inbound, taken.message);
    else if (taken.kind === 'message') await answers.privately(inbound, taken.message);
  }

  async function tell(inbound: Inbound, { message, to }: Extract<Taken, { kind: 'message' }>): Promise<InvokeAnswer> {
    if (to === 'everybody') {
      await answers.openly(inbound, message);
      return toast(POSTED_BELOW);
    }
    const short =
      message.lines.length === 0 && message.chart === undefined && message.verbatim === undefined && (message.buttons ?? []).length === 0;
    if (short) return toast(plainMessage(await named(inbound, message), await answers.context(inbound.account, message)));
    await answers.privately(inbound, message);
    return (await cardNow(inbound)) ?? toast(belowText('answer', scopeOf(inbound.activity) === 'personal'));
  }

  /** Returns the current card of the clicked message. Null if the message is not one that is kept up to date. */
  async function cardNow({ account, activity }: Inbound): Promise<InvokeAnswer | null> {
    const ref = `${activity.conversation.id};${activity.replyToId ?? ''}`;
    const now = await currentMessage(account, ref).catch((error: unknown) => {
      log.warn({ error: errorName(error) }, 'failed to read the current message');
      return null;
    });
    return now && card(teamsCard(now.message, { ...(await answers.context(account, now.message)), severity: now.severity }));
  }

  async function named({ account }: Inbound, message: Message): Promise<Message> {
    const { names } = await answers.context(account, message);
    return {
      ...message,
      title: message.title.map((span) =>
        span.span === 'mention' ? { span: 'text', text: `@${nameOf(span.person, names, UNKNOWN_PERSON)}` } : span,
      ),
    };
  }
}

/** The answer to the click has already said that it takes longer. */
const saidAlready = { say: async () => undefined };

function card(value: object): InvokeAnswer {
  return { statusCode: 200, type: CARD, value };
}

function toast(value: string): InvokeAnswer {
  return { statusCode: 200, type: TOAST, value };
}
