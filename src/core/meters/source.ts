import { z } from 'zod';
import type { PeriodSpec } from '../time/period-spec.ts';
import { userIdSchema } from '../text/user-id.ts';

/** Contacts for a vendor: addresses, or words such as "your account manager". From creditwatch.yml or a preset. */
export const contactsSchema = z.strictObject({
  /** The contact for buying more. */
  sales: z.string().trim().min(1).max(200).optional(),
  /** The contact for invoices and payment. */
  billing: z.string().trim().min(1).max(200).optional(),
  /** The person who approves requests for more: a platform user id. */
  approver: userIdSchema.optional(),
});
export type Contacts = z.infer<typeof contactsSchema>;

/** Where a meter's readings come from. */
export type Source = {
  readonly id: string;
  readonly kind: string;
  /** The poll interval; null if the source is not polled. */
  readonly everyMs: number | null;
  /** How its periods recur, if its readings do not say. */
  readonly period: PeriodSpec | null;
  readonly contacts: Contacts;
};
