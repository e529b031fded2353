import { BUTTON_GONE } from '../../messages/replies/errors.ts';
import { ASKED_TOO_OFTEN, askedAlready, askedWords, NOBODY_TO_ASK } from '../../messages/notices/permission-request.ts';
import { toAsker } from '../../ports/inbound/chat.ts';
import type { PressKind } from './press.ts';

/** "Ask them": the admins hear what whoever pressed was refused. The value is its id: what it was stands in the database alone. */
export const ask: PressKind = async (request, { asker, actions }) => {
  const asked = await actions.askAdmins({
    account: asker.account,
    by: asker.user,
    platform: asker.platform,
    invokedAs: asker.invokedAs,
    request,
  });
  switch (asked.done) {
    case 'asked':
      return toAsker(askedWords(asked.whom));
    case 'already':
      return toAsker(askedAlready(asked.whom, asked.at));
    case 'too-often':
      return toAsker(ASKED_TOO_OFTEN);
    case 'nobody':
      return toAsker(NOBODY_TO_ASK);
    case 'gone':
      return toAsker(BUTTON_GONE);
  }
};
