import { BUTTON_GONE } from '../../messages/replies/errors.ts';
import { ASKED_TOO_OFTEN, askedAlready, permissionAskedMessage, NOBODY_TO_ASK } from '../../messages/notices/permission-request.ts';
import { toRequester } from '../../ports/inbound/chat.ts';
import type { ButtonHandler } from './button.ts';

/** "Ask them": the admins hear what whoever pressed was refused. The value is its id: what it was stands in the database alone. */
export const ask: ButtonHandler = async (request, { requester, actions }) => {
  const asked = await actions.askAdmins({
    account: requester.account,
    by: requester.user,
    platform: requester.platform,
    invokedAs: requester.invokedAs,
    request,
  });
  switch (asked.done) {
    case 'asked':
      return toRequester(permissionAskedMessage(asked.whom));
    case 'already':
      return toRequester(askedAlready(asked.whom, asked.at));
    case 'too-often':
      return toRequester(ASKED_TOO_OFTEN);
    case 'nobody':
      return toRequester(NOBODY_TO_ASK);
    case 'gone':
      return toRequester(BUTTON_GONE);
  }
};
