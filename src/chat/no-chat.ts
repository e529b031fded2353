import type { Chat } from '../ports/inbound/chat.ts';

/** For a process that speaks to a platform and answers nobody. */
export const noChat: Chat = {
  answer: () => Promise.reject(new Error('this process answers no commands')),
  clickButton: () => Promise.reject(new Error('this process takes no presses')),
  submit: () => Promise.reject(new Error('this process takes no forms')),
};
