import { z } from 'zod';
import { grouped } from '../grouped.ts';
import type { Forecast } from '../meters/forecast.ts';
import { meterSelectorSchema, selects, type Meter, type MeterSelector } from '../meters/meter.ts';
import type { AlertTopic } from '../rules/rule.ts';
import { scheduleSchema } from '../time/schedule.ts';
import { severitySchema, type Severity } from '../rules/severity.ts';
import { storedPerson, type Person, type PlatformId } from '../text/person.ts';

/**
 * Where a message is sent. `address`: a Slack channel or user id, the id of a Teams conversation or person, the short name of a flow,
 * or `stdout` for the terminal. `direct`: only one person reads there; whoever creates the address knows it from the platform.
 */
export type DestinationAddress = {
  readonly kind: PlatformId;
  readonly address: string;
  readonly direct?: boolean | undefined;
};

/** An address as it is stored. */
export const addressSchema = z.object({ kind: z.string(), address: z.string(), direct: z.boolean().optional() });

/** `slack:C0123456789`, as an operator names it: to `npx creditwatch test`, and in what doctor says. */
export function destinationName({ kind, address }: DestinationAddress): string {
  return isTerminal(kind) ? kind : `${kind}:${address}`;
}

/** Derives the name of a platform from its id: `Slack` for `slack`. */
export function usualPlatformName(id: PlatformId): string {
  return `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}

/** Whether only one person reads there. */
export function isDirect({ direct }: DestinationAddress): boolean {
  return direct === true;
}

/** Returns the address of a direct message to a person. */
export function directTo({ platform, id }: Person): DestinationAddress {
  return { kind: platform, address: id, direct: true };
}

/** Returns the person who alone reads at an address; null for a channel. */
export function readerOf(place: DestinationAddress): Person | null {
  return isDirect(place) ? { platform: place.kind, id: place.address } : null;
}

/** Where the service was started, and where commands of the command line are typed: it is there without being connected. */
export const TERMINAL: DestinationAddress = { kind: 'terminal', address: 'stdout' };

/** Whether a platform is the terminal: it takes no questions, and its users are known by their login names. */
export function isTerminal(platform: PlatformId): boolean {
  return platform === TERMINAL.kind;
}

/** The settings of a route, without its destination: the same in creditwatch.yml and in the database. */
export const routeSettingsSchema = z.object({
  /** The meters whose alerts it gets; null if the route is for operations only. */
  meters: meterSelectorSchema.nullable(),
  /** Whether it gets stale sources, delivery failures, presumed resets and period statements. */
  operations: z.boolean(),
  /** The people to mention, by severity. */
  mention: z.partialRecord(severitySchema, z.array(storedPerson)),
  /** When the digest is posted; null for none. */
  digest: scheduleSchema.nullable(),
  /** The time zone of that; null for the account's. */
  timeZone: z.string().nullable().default(null),
  /** Whether to leave out warnings for meters that should last until their reset. */
  onlyIfRunningOut: z.boolean().default(false),
  /** Where a recovery is posted in addition to the edited message: as a line in the thread, or nowhere. */
  recovery: z.enum(['thread', 'none']).default('thread'),
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
  /** The person who subscribed in chat. */
  readonly by: Person | null;
};

/** Returns the settings of a route alone. */
export function settingsOf({ meters, operations, mention, digest, timeZone, onlyIfRunningOut, recovery }: RouteSettings): RouteSettings {
  return { meters, operations, mention, digest, timeZone, onlyIfRunningOut, recovery };
}

/** Encodes the settings of a route as JSON for the database. */
export function encodeSettings(settings: RouteSettings): z.input<typeof routeSettingsSchema> {
  return z.encode(routeSettingsSchema, settings);
}

/** Whether a route leads to a place. */
export function leadsTo({ destination }: Route, { kind, address }: DestinationAddress): boolean {
  return destination.kind === kind && destination.address === address;
}

/** Whether a route leaves out an alert because the credits should last and no action is needed. */
export function withholds(
  { onlyIfRunningOut }: Route,
  { topic, severity, forecast }: { readonly topic: AlertTopic; readonly severity: Severity; readonly forecast: Forecast | null },
): boolean {
  return onlyIfRunningOut && topic === 'running-out' && severity !== 'critical' && forecast?.kind === 'lasts';
}

/**
 * Whether a recovery is also posted in the thread at a destination. It is where no route leads there now.
 *
 * @param leading the routes of the meter that lead there
 */
export function wantsRecovery(leading: readonly Route[]): boolean {
  return leading.length === 0 || leading.some((route) => route.recovery === 'thread');
}

/** Returns the routes for a meter's alerts; several may lead to one destination. */
export function routesFor(meter: Pick<Meter, 'source' | 'key'>, routes: readonly Route[]): readonly Route[] {
  return routes.filter((route) => route.meters !== null && selects(route.meters, meter));
}

/**
 * Finds the routes of a meter without asking each route, because an account can have thousands of both. The routes of a meter keep their
 * order.
 *
 * @param metersOf the selector of one route; null selects no meter
 */
export function indexByMeter<R>(
  routes: readonly R[],
  metersOf: (route: R) => MeterSelector | null,
): (meter: Pick<Meter, 'source' | 'key'>) => readonly R[] {
  const selected = routes.flatMap((route, place) => {
    const selector = metersOf(route);
    return (selector === 'all' ? [ALL] : (selector ?? [])).map((name) => ({ name, place }));
  });
  const byName = grouped(selected, ({ name }) => name);
  return ({ source, key }) => {
    const found = [ALL, key, `${source}/${key}`].flatMap((name) => byName.get(name) ?? []);
    const places = [...new Set(found.map(({ place }) => place))].sort((a, b) => a - b);
    return places.flatMap((place) => routes[place] ?? []);
  };
}

/** Not the name of a meter: those have no control characters. */
const ALL = '\n';

/**
 * Chooses the destinations for operations among enabled ones: those of the routes for operations, else the fallback destinations, else
 * the terminal.
 */
export function forOperations<D extends DestinationAddress & { readonly fallback: boolean; readonly isOfOperations: boolean }>(
  destinations: readonly D[],
): readonly D[] {
  const routed = destinations.filter(({ isOfOperations }) => isOfOperations);
  if (routed.length > 0) return routed;
  const fallback = destinations.filter((one) => one.fallback);
  return fallback.length > 0 ? fallback : destinations.filter(({ kind }) => isTerminal(kind));
}
