-- Columns, kinds of timers and kinds of notifications get the names that the code and the documents use. All data stays.
ALTER TABLE "destination" RENAME COLUMN "off_reason" TO "disabled_reason";
ALTER TABLE "destination" RENAME COLUMN "off_scope" TO "disabled_scope";
ALTER TABLE "destination" RENAME COLUMN "off_since" TO "disabled_since";
ALTER TABLE "destination" RENAME COLUMN "off_told" TO "disabled_notified_reason";
ALTER TABLE "destination" RENAME COLUMN "struck_at" TO "unknown_since";
ALTER TABLE "source" RENAME COLUMN "fed_by" TO "ingested_by";
ALTER TABLE "source" RENAME COLUMN "fed_via" TO "ingested_via";
ALTER TABLE "source" RENAME COLUMN "asked_off_by" TO "reminder_stopped_by";
ALTER TABLE "source" RENAME COLUMN "machine_fed" TO "automated_via";
ALTER TABLE "source" RENAME COLUMN "quiet_since" TO "stale_since";
ALTER TABLE "source" RENAME COLUMN "quiet_thread" TO "stale_thread";
ALTER TABLE "delivery" RENAME COLUMN "meant_for_id" TO "original_destination_id";
ALTER TABLE "delivery" RENAME CONSTRAINT "delivery_meant_for_id_fkey" TO "delivery_original_destination_id_fkey";
ALTER TABLE "delivery" RENAME COLUMN "settled_because" TO "settled_reason";
ALTER TABLE "refused_request" RENAME COLUMN "wish" TO "command";

UPDATE "timer" SET "kind" = CASE "kind"
  WHEN 'silence' THEN 'staleness'
  WHEN 'repeat' THEN 'renotify'
  WHEN 'present' THEN 'announce-open-alerts'
  WHEN 'closing' THEN 'period-statement'
  WHEN 'mended' THEN 'destination-recovered'
  WHEN 'unsaid' THEN 'undelivered'
END
WHERE "kind" IN ('silence', 'repeat', 'present', 'closing', 'mended', 'unsaid');

UPDATE "notification" SET "kind" = 'staleness',
  "snapshot" = ("snapshot" - 'blind') || jsonb_build_object('kind', 'staleness', 'notMonitored', "snapshot" -> 'blind')
WHERE "kind" = 'silence';
UPDATE "notification" SET "kind" = 'period-statement', "snapshot" = "snapshot" || '{"kind": "period-statement"}' WHERE "kind" = 'closing';
UPDATE "notification" SET "kind" = 'destination-disabled', "snapshot" = "snapshot" || '{"kind": "destination-disabled"}'
WHERE "kind" = 'unreachable';
UPDATE "notification" SET "kind" = 'permission-request',
  "snapshot" = ("snapshot" - 'wish') || jsonb_build_object('kind', 'permission-request', 'command', "snapshot" -> 'wish')
WHERE "kind" = 'wish';
