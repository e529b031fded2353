import type { z } from 'zod';
import { connectableNames, findPerson, type Platform } from '../chat/platform.ts';
import { meterDetailsSchema, type MeterDetails } from '../core/meters/meter.ts';
import { contactsSchema, type Contacts } from '../core/meters/source.ts';
import { userIdSchema, type Person } from '../core/text/person.ts';
import type { FileProblem } from './problems.ts';

/** A meter and contacts as creditwatch.yml writes them: people by their ids alone. */
export const writtenMeterSchema = meterDetailsSchema.extend({ owner: userIdSchema.optional() });
export const writtenContactsSchema = contactsSchema.extend({ approver: userIdSchema.optional() });
export type WrittenMeter = z.infer<typeof writtenMeterSchema>;
type WrittenContacts = z.infer<typeof writtenContactsSchema>;

/** A source whose people have no platform yet. */
export type WithWrittenPeople<T> = Omit<T, 'meters' | 'contacts'> & {
  readonly meters: Readonly<Record<string, WrittenMeter>>;
  readonly contacts: WrittenContacts;
};
type WithPeople<T> = Omit<T, 'meters' | 'contacts'> & {
  readonly meters: Readonly<Record<string, MeterDetails>>;
  readonly contacts: Contacts;
};

/** Finds the people of creditwatch.yml on their platforms. `strangers` has reported those who are on none. */
export function personFinder(platforms: readonly Platform[]) {
  const people = (ids: readonly string[]): readonly Person[] => ids.flatMap((id) => findPerson(platforms, id) ?? []);
  const one = (id: string | undefined) => (id === undefined ? undefined : people([id])[0]);
  return {
    people,
    withPeople: <T extends WithWrittenPeople<object>>({
      meters,
      contacts: { approver: written, ...contacts },
      ...source
    }: T): WithPeople<T> => {
      const approver = one(written);
      return {
        ...source,
        contacts: { ...contacts, ...(approver && { approver }) },
        meters: Object.fromEntries(
          Object.entries(meters).map(([key, { owner: id, ...details }]) => {
            const owner = one(id);
            return [key, { ...details, ...(owner && { owner }) }];
          }),
        ),
      };
    },
  };
}

/** The parts of an account in creditwatch.yml that name people. */
type NamesPeople = {
  readonly admins: readonly string[];
  readonly viewers: readonly string[] | null;
  readonly sources: readonly {
    readonly contacts?: WrittenContacts | undefined;
    readonly meters: Readonly<Record<string, Pick<WrittenMeter, 'owner'>>>;
  }[];
  readonly routes: readonly { readonly mention: Readonly<Record<string, readonly string[]>> }[];
};

/** Finds ids that belong to no platform: such a person could not be notified, asked or mentioned. */
export function strangers(
  { admins, viewers, sources, routes }: NamesPeople,
  path: readonly PropertyKey[],
  platforms: readonly Platform[],
): readonly FileProblem[] {
  const named: readonly { readonly id: string; readonly path: readonly PropertyKey[] }[] = [
    ...admins.map((id, nth) => ({ id, path: ['admins', nth] })),
    ...(viewers ?? []).map((id, nth) => ({ id, path: ['viewers', nth] })),
    ...sources.flatMap(({ contacts, meters }, index) => [
      ...(contacts?.approver === undefined ? [] : [{ id: contacts.approver, path: ['sources', index, 'contacts', 'approver'] }]),
      ...Object.entries(meters).flatMap(([key, { owner }]) =>
        owner === undefined ? [] : [{ id: owner, path: ['sources', index, 'meters', key, 'owner'] }],
      ),
    ]),
    ...routes.flatMap(({ mention }, index) =>
      Object.entries(mention).flatMap(([severity, ids]) =>
        ids.map((id, nth) => ({ id, path: ['routes', index, 'mention', severity, nth] })),
      ),
    ),
  ];
  return named
    .filter(({ id }) => findPerson(platforms, id) === null)
    .map((one) => ({
      path: [...path, ...one.path],
      message: `is not the ID of a person in ${connectableNames(platforms)}`,
    }));
}
