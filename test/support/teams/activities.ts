/** Who and where, as Teams' emulator has them. */
export const TENANT = '00000000-0000-0000-0000-0000000000aa';
export const BOT = { id: '28:bot', name: 'Creditwatch' };
export const ANNA = { id: '29:anna', name: 'Anna Adams', aadObjectId: '00000000-0000-0000-0000-000000000001' };
export const TOM = { id: '29:tom', name: 'Tom Tester', aadObjectId: '00000000-0000-0000-0000-000000000002' };
export const TEAM = '19:general@thread.tacv2';
export const CHANNEL = '19:marketing@thread.tacv2';
export const CHAT = 'a:anna';

type Fields = Readonly<Record<string, unknown>>;

let last = 0;

function activity(serviceUrl: string, fields: Fields): Fields {
  last += 1;
  return { id: `f:${String(last)}`, channelId: 'msteams', serviceUrl, locale: 'en-GB', from: ANNA, recipient: BOT, ...fields };
}

/** In a channel of a team; `thread` is the message that it is written under. */
export function inChannel(channel = CHANNEL, thread?: string): Fields {
  return {
    conversation: {
      id: thread === undefined ? channel : `${channel};messageid=${thread}`,
      conversationType: 'channel',
      isGroup: true,
      tenantId: TENANT,
    },
    channelData: { tenant: { id: TENANT }, team: { id: TEAM, name: 'Growth' }, channel: { id: channel, name: 'Marketing' } },
  };
}

export function inChat(id = CHAT): Fields {
  return { conversation: { id, conversationType: 'personal', tenantId: TENANT }, channelData: { tenant: { id: TENANT } } };
}

export function inGroup(id = '19:group@thread.v2'): Fields {
  return { conversation: { id, conversationType: 'groupChat', isGroup: true, tenantId: TENANT }, channelData: { tenant: { id: TENANT } } };
}

export function typed(serviceUrl: string, text: string, fields: Fields = inChat()): Fields {
  return activity(serviceUrl, { type: 'message', text, textFormat: 'plain', ...fields });
}

/** `<at>Creditwatch</at> usage`, as Teams hands a mention over. */
export function mentioning(serviceUrl: string, text: string, fields: Fields = inChannel(CHANNEL, '1')): Fields {
  return typed(serviceUrl, `<at>Creditwatch</at> ${text}`, {
    entities: [
      { type: 'mention', text: '<at>Creditwatch</at>', mentioned: BOT },
      { type: 'clientInfo', locale: 'en-GB' },
    ],
    ...fields,
  });
}

/** `/usage` in a channel: only the bot can read it. */
export function slash(serviceUrl: string, text: string, fields: Fields = inChannel()): Fields {
  return typed(serviceUrl, text, { ...fields, recipient: { ...BOT, isTargeted: true } });
}

export function installed(serviceUrl: string, fields: Fields = inChannel(), action = 'add'): Fields {
  return activity(serviceUrl, { type: 'installationUpdate', action, ...fields });
}

export function updated(serviceUrl: string, fields: Fields): Fields {
  return activity(serviceUrl, { type: 'conversationUpdate', ...fields });
}

/** A press on a button of a card that stands in a conversation. */
export function pressed(
  serviceUrl: string,
  on: { readonly conversation: string; readonly id: string; readonly card: Fields },
  label: string,
  fields: Fields = {},
): Fields {
  const actions = Array.isArray(on.card['actions']) ? on.card['actions'] : [];
  const action: unknown = actions.find((one: unknown) => typeof one === 'object' && one !== null && 'title' in one && one.title === label);
  if (typeof action !== 'object' || action === null || !('data' in action)) throw new Error(`there is no button "${label}" on the card`);
  const data = typeof action.data === 'object' ? action.data : {};
  const { inputs = {}, ...more } = fields;
  const place = on.conversation.startsWith('a:')
    ? inChat(on.conversation)
    : {
        ...inChannel(on.conversation.split(';')[0]),
        conversation: { id: on.conversation, conversationType: 'channel', isGroup: true, tenantId: TENANT },
      };
  return activity(serviceUrl, {
    type: 'invoke',
    name: 'adaptiveCard/action',
    replyToId: on.id,
    value: { action: { type: 'Action.Execute', data: { ...data, ...(typeof inputs === 'object' ? inputs : {}) } }, trigger: 'manual' },
    ...place,
    ...more,
  });
}
