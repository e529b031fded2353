import type { Chat } from '../ports/inbound/chat.ts';

/** For a process that posts messages but answers no commands. */
export const noChat: Chat = {
  answer: () => Promise.reject(new Error('this process answers no commands')),
  clickButton: () => Promise.reject(new Error('this process takes no clicks')),
  submit: () => Promise.reject(new Error('this process takes no forms')),
};
