import { z } from 'zod';
import type { PeriodSpec } from '../time/period-spec.ts';
import { storedPerson } from '../text/person.ts';

/** Contacts for a vendor: addresses, or words such as "your account manager". From creditwatch.yml or a preset. */
export const contactsSchema = z.strictObject({
  /** The contact for buying more. */
  sales: z.string().trim().min(1).max(200).optional(),
  /** The page where more is bought. */
  buy: z
    .string()
    .trim()
    .max(500)
    .refine((text) => /^https?:\/\/\S+$/.test(text) && URL.canParse(text), 'must be a URL that begins with https:// or http://')
    .optional(),
  /** The contact for invoices and payment. */
  billing: z.string().trim().min(1).max(200).optional(),
});

/** The same as stored, with the person who approves requests for more. */
export const storedContactsSchema = contactsSchema.extend({ approver: storedPerson.optional() });
export type Contacts = z.infer<typeof storedContactsSchema>;

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
