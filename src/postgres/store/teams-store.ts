import { z } from 'zod';
import type { TeamsConversation, TeamsPlace, TeamsStore } from '../../ports/stores/teams-store.ts';
import type { Prisma, TeamsConversation as TeamsConversationRow } from '../generated/client.ts';
import type { Database } from './sql/database.ts';
import { recordAudit } from './audit-store.ts';
import { holdSwitches, turnOff, turnOn } from './sql/destinations.ts';
import type { Queries } from './sql/queries.ts';

type Models = Prisma.TransactionClient;

const struckRows = z.array(z.object({ unknown_since: z.date().nullable() }));

const turnRows = z.array(z.object({ last_ms: z.number() }));

const scopeSchema = z.enum(['personal', 'groupChat', 'channel']);

export function createTeamsStore(database: Database): TeamsStore {
  return {
    async conversation(id) {
      const row = await database.models((models) => models.teamsConversation.findUnique({ where: { id } }));
      return row && { ...conversationFromRow(row), removed: row.removedAt !== null };
    },
    async chatWith(personId) {
      const row = await database.models((models) =>
        models.teamsConversation.findFirst({ where: { personId, scope: 'personal' }, orderBy: { seenAt: 'desc' } }),
      );
      return row && { ...conversationFromRow(row), removed: row.removedAt !== null };
    },
    async lastServiceUrl() {
      const row = await database.models((models) => models.teamsConversation.findFirst({ orderBy: { seenAt: 'desc' } }));
      return row?.serviceUrl ?? null;
    },
    keep: ({ id, account, tenant, team, person, ...rest }, installed, now, by) =>
      database.modelTransaction(async (models, queries) => {
        const known = await models.teamsConversation.findUnique({ where: { id } });
        const row = {
          accountId: account,
          tenantId: tenant,
          teamId: team ?? known?.teamId ?? null,
          personId: person ?? known?.personId ?? null,
          ...rest,
          name: rest.name ?? known?.name ?? null,
          seenAt: now,
          removedAt: null,
        };
        await models.teamsConversation.upsert({ where: { id }, create: { id, ...row }, update: row });
        if (installed && (known === null || known.removedAt !== null)) {
          const at = { kind: 'teams' as const, address: id, direct: row.personId !== null };
          await recordAudit(queries, account, { action: 'install', actor: { platform: 'teams', id: by ?? null }, place: at }, now);
        }
        if (installed || known?.removedAt) await switchOn(models, queries, { account, addresses: [id], now });
      }),
    async claimWelcome(id, now) {
      const { count } = await database.models((models) =>
        models.teamsConversation.updateMany({ where: { id, welcomedAt: null }, data: { welcomedAt: now } }),
      );
      return count === 1;
    },
    remove: (place, why, now, by) =>
      database.modelTransaction(async (models, queries) => {
        const addresses = await idsAt(models, place);
        const known = await models.teamsConversation.count({
          where: { id: { in: addresses }, accountId: place.account, removedAt: null },
        });
        if (known > 0) {
          const person =
            'team' in place
              ? null
              : await models.teamsConversation.findUnique({ where: { id: place.conversation }, select: { personId: true } });
          const at = {
            kind: 'teams' as const,
            address: 'team' in place ? place.team : place.conversation,
            direct: (person?.personId ?? null) !== null,
          };
          const actor = { platform: 'teams' as const, id: by ?? null };
          await recordAudit(queries, place.account, { action: 'uninstall', actor, place: at }, now);
        }
        await models.teamsConversation.updateMany({
          where: { id: { in: addresses }, accountId: place.account },
          data: { removedAt: now, welcomedAt: null },
        });
        await holdSwitches(queries);
        for (const { id } of await models.destination.findMany({
          where: { accountId: place.account, kind: 'teams', address: { in: addresses }, disabledReason: null },
        }))
          await turnOff(queries, id, { scope: 'destination', ...why }, now);
      }),
    restore: (place, meant, now) =>
      database.modelTransaction(async (models, queries) => {
        const addresses = await idsAt(models, place);
        const off = await offAt(models, place.account, addresses);
        const isOneOf = (codes: readonly string[], code: string | null) => code !== null && codes.includes(code);
        const stillOff = off.filter(({ code }) => ('because' in meant ? !isOneOf(meant.because, code) : isOneOf(meant.unless, code)));
        const on = addresses.filter((address) => stillOff.every(({ conversation }) => conversation !== address));
        await models.teamsConversation.updateMany({ where: { id: { in: on }, accountId: place.account }, data: { removedAt: null } });
        await switchOn(models, queries, { account: place.account, addresses: on, now });
        return stillOff.map(({ conversation, reason }) => ({ conversation, reason }));
      }),
    async markUnknown(address, now) {
      const rows = await database.query(
        (queries) => queries.rows`
        UPDATE destination SET unknown_since = CASE WHEN unknown_since IS NULL THEN ${now}::timestamptz END WHERE kind = 'teams' AND address = ${address} RETURNING unknown_since`,
      );
      return struckRows.parse(rows).some((row) => row.unknown_since === null);
    },
    async rename(place, name) {
      await database.models(async (models) =>
        models.teamsConversation.updateMany({
          where: { id: { in: await idsAt(models, place) }, accountId: place.account },
          data: { name },
        }),
      );
    },
    async takeTurns(tenant, { count, everyMs, atOnce, withinMs }) {
      // A `next` time too far ahead comes from a clock that was set back. The processes that make calls may have different clocks,
      // so only the database's time is used.
      const rows = await database.query(
        (queries) => queries.rows`
        INSERT INTO teams_pace AS pace (tenant_id, next_at) VALUES (${tenant}, clock_timestamp() + ${(count - atOnce + 1) * everyMs}::float8 * interval '1 ms')
        ON CONFLICT (tenant_id) DO UPDATE
          SET next_at = greatest(CASE WHEN pace.next_at > clock_timestamp() + ${5 * withinMs}::float8 * interval '1 ms' THEN NULL ELSE pace.next_at END, clock_timestamp() - ${(atOnce - 1) * everyMs}::float8 * interval '1 ms') + ${count * everyMs}::float8 * interval '1 ms'
          WHERE pace.next_at <= clock_timestamp() + ${withinMs - (count - 1) * everyMs}::float8 * interval '1 ms'
            OR pace.next_at > clock_timestamp() + ${5 * withinMs}::float8 * interval '1 ms'
        RETURNING extract(epoch FROM next_at - clock_timestamp())::float8 * 1000 - ${everyMs}::float8 AS last_ms`,
      );
      return turnRows.parse(rows)[0]?.last_ms ?? null;
    },
    async rememberName(accountId, id, name, now) {
      const row = { name, seenAt: now };
      await database.models((models) =>
        models.teamsPerson.upsert({ where: { accountId_id: { accountId, id } }, create: { accountId, id, ...row }, update: row }),
      );
    },
    async names(accountId, ids) {
      if (ids.length === 0) return new Map();
      const where = { accountId, id: { in: [...ids] } };
      const rows = await database.models(async (models) => [
        ...(await models.teamsConversation.findMany({ where })),
        ...(await models.teamsPerson.findMany({ where })),
      ]);
      return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const])));
    },
  };
}

/** The conversation itself, even if it never sent a message; for a team, its channels that did. */
async function idsAt(models: Models, place: TeamsPlace): Promise<string[]> {
  if ('conversation' in place) return [place.conversation];
  const rows = await models.teamsConversation.findMany({ where: { accountId: place.account, teamId: place.team }, select: { id: true } });
  // The id of a team is the id of its General channel, which may have a route without ever having sent a message.
  return [...new Set([place.team, ...rows.map((row) => row.id)])];
}

async function switchOn(
  models: Models,
  queries: Queries,
  { account, addresses, now }: { readonly account: string; readonly addresses: readonly string[]; readonly now: Date },
): Promise<void> {
  for (const { id } of await offAt(models, account, addresses)) await turnOn(queries, { id }, now);
}

async function offAt(
  models: Models,
  accountId: string,
  addresses: readonly string[],
): Promise<{ id: string; conversation: string; code: string | null; reason: string }[]> {
  const where = { accountId, kind: 'teams', address: { in: [...addresses] }, disabledReason: { not: null } };
  const rows = await models.destination.findMany({ where, orderBy: { address: 'asc' } });
  return rows.flatMap(({ id, address, disabledCode, disabledReason }) =>
    disabledReason === null ? [] : [{ id, conversation: address, code: disabledCode, reason: disabledReason }],
  );
}

function conversationFromRow({
  id,
  accountId,
  tenantId,
  scope,
  teamId,
  personId,
  name,
  serviceUrl,
  locale,
}: TeamsConversationRow): TeamsConversation {
  return {
    id,
    account: accountId,
    tenant: tenantId,
    scope: scopeSchema.parse(scope),
    team: teamId,
    person: personId,
    name,
    serviceUrl,
    locale,
  };
}
