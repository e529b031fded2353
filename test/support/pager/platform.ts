import { z } from 'zod';
import type { MessengerParts, Platform } from '../../../src/chat/platform.ts';
import { createPagerMessenger, PAGER } from './messenger.ts';

/** A platform that only the tests have: a pager service with desks, over HTTP. Nothing in `src` knows of it. */
export const pager: Platform = {
  ...PAGER,
  name: 'the pager',
  route: { key: 'pager', written: z.string().regex(/^(?:desk-\d+|@\w+)$/, 'must be a desk such as desk-7, or a person such as @olga') },
  workspacesKey: 'pagerSites',
  isPerson: (id) => /^@\w+$/.test(id),
  setUp: { variable: 'PAGER_URL', guide: 'the manual of the pager', steps: 'The manual of the pager has the steps.' },
  settings: ['PAGER_URL', 'PAGER_TOKEN'],
  configure({ url, secret }) {
    const base = url('PAGER_URL', ['http:', 'https:'], 'https://pager.example.com');
    const token = secret('PAGER_TOKEN') ?? '';
    if (base === null) return null;
    const openMessenger = async ({ clock }: MessengerParts) => createPagerMessenger({ base, token, clock });
    return {
      secrets: [token],
      mode: 'http',
      reachedBy: 'its own line',
      notes: [],
      check: async () => [{ what: 'Pager', state: 'ok', says: `pages through ${base}` }],
      open: async (parts) => ({
        messenger: await openMessenger(parts),
        mount: (app) => void app.get('/pager', (_request, response) => void response.json({ sites: parts.accounts[0]?.workspaces })),
      }),
      openMessenger,
    };
  },
};
