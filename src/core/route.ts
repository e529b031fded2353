import { z } from 'zod';
import { meterSelectorSchema, selects, type Meter } from './meter.ts';
import { scheduleSchema } from './schedule.ts';
import { severitySchema } from './severity.ts';

/** The kinds of destination. Each has a room with a messenger. */
export const destinationKinds = ['terminal', 'slack', 'teams'] as const;
export type DestinationKind = (typeof destinationKinds)[number];

/** Where a message goes: a Slack channel or user id, a Teams conversation id, the terminal's `stdout`. */
export type DestinationAddress = { readonly kind: DestinationKind; readonly address: string };

export const TERMINAL: DestinationAddress = { kind: 'terminal', address: 'stdout' };

/** How a route is set, beside its destination: the same in creditwatch.yml and in the database. */
export const routeSettingsSchema = z.object({
  /** Which meters' alerts go there; null when the route is for operations alone. */
  meters: meterSelectorSchema.nullable(),
  /** Stale sources, delivery failures, presumed resets, closing statements. */
  operations: z.boolean(),
  /** Whom to mention, by severity: platform user ids. */
  mention: z.partialRecord(severitySchema, z.array(z.string())),
  /** When the digest goes out; null for none. */
  digest: scheduleSchema.nullable(),
  /** In which zone that is; null for the account's. */
  timeZone: z.string().nullable().default(null),
});
export type RouteSettings = z.infer<typeof routeSettingsSchema>;

/** Declared in creditwatch.yml, and read-only in chat; or subscribed in chat. */
export const routeOrigins = ['file', 'chat'] as const;
export type RouteOrigin = (typeof routeOrigins)[number];

/** Which alerts and digests go to which destination. */
export type Route = RouteSettings & {
  readonly id: string;
  readonly destination: DestinationAddress;
  readonly origin: RouteOrigin;
  /** Who subscribed it in chat: a platform user id. */
  readonly by: string | null;
};

/** Whether a route leads to a place. */
export function leadsTo({ destination }: Route, { kind, address }: DestinationAddress): boolean {
  return destination.kind === kind && destination.address === address;
}

/** The routes that want a meter's alerts; several may lead to one destination. */
export function routesFor(meter: Pick<Meter, 'source' | 'key'>, routes: readonly Route[]): readonly Route[] {
  return routes.filter((route) => route.meters !== null && selects(route.meters, meter));
}
