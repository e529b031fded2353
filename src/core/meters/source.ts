import { z } from 'zod';
import type { PeriodSpec } from '../time/period-spec.ts';
import { userIdSchema } from '../text/user-id.ts';

/** Whom to ask about a vendor: an address, or words such as "your account manager". In creditwatch.yml, and of vendors in the catalogue. */
export const contactsSchema = z.strictObject({
  /** Who sells more of it. */
  sales: z.string().trim().min(1).max(200).optional(),
  /** Who answers questions about invoices and payment. */
  billing: z.string().trim().min(1).max(200).optional(),
  /** Who agrees to asking for more: a platform user id. */
  approver: userIdSchema.optional(),
});
export type Contacts = z.infer<typeof contactsSchema>;

/** Where a meter's readings come from. */
export type Source = {
  readonly id: string;
  readonly kind: string;
  /** How often it is polled; null for what is not. */
  readonly everyMs: number | null;
  /** How its periods recur when its readings do not say. */
  readonly period: PeriodSpec | null;
  readonly contacts: Contacts;
};
