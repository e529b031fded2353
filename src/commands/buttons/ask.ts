import { BUTTON_GONE } from '../../messages/replies/errors.ts';
import { ASKED_TOO_OFTEN, askedAlready, permissionAskedMessage, NOBODY_TO_ASK } from '../../messages/notices/permission-request.ts';
import { toRequester } from '../../ports/inbound/chat.ts';
import type { ButtonHandler } from './button.ts';

/** "Ask them": sends the refused command to the admins. The value is only its id; the command is read from the database. */
export const ask: ButtonHandler = async (request, { requester, actions }) => {
  const asked = await actions.askAdmins({
    account: requester.account,
    by: requester.person,
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
