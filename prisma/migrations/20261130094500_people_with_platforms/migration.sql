-- A person is stored with the platform that knows the id: `slack:U0AB12CD3`. Until now the form of the id told the platform, in the
-- forms that this function has; any other was the login name of a user of the terminal. `somebody` and '' are people who were anonymized.
CREATE FUNCTION "person_with_platform"("id" TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN "id" IS NULL OR "id" IN ('', 'somebody') THEN "id"
    WHEN "id" ~ '^[UW][A-Z0-9]{2,}$' THEN 'slack:' || "id"
    WHEN "id" ~* '^(a:|29:|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$)' THEN 'teams:' || "id"
    ELSE 'terminal:' || "id"
  END
$$;

CREATE FUNCTION "people_with_platforms"("ids" TEXT[]) RETURNS TEXT[] LANGUAGE sql IMMUTABLE AS $$
  SELECT ARRAY(SELECT "person_with_platform"("one") FROM unnest("ids") WITH ORDINALITY AS "list"("one", "nth") ORDER BY "nth")
$$;

UPDATE "account" SET "admins" = "people_with_platforms"("admins"), "viewers" = "people_with_platforms"("viewers")
WHERE cardinality("admins") + cardinality("viewers") > 0;
UPDATE "source" SET "period_by" = "person_with_platform"("period_by") WHERE "period_by" IS NOT NULL;
UPDATE "source" SET "reminder_stopped_by" = "person_with_platform"("reminder_stopped_by") WHERE "reminder_stopped_by" IS NOT NULL;
UPDATE "source" SET "contacts" = jsonb_set("contacts", '{approver}', to_jsonb("person_with_platform"("contacts" ->> 'approver')))
WHERE "contacts" ->> 'approver' IS NOT NULL;
UPDATE "meter" SET "owner" = "person_with_platform"("owner") WHERE "owner" IS NOT NULL;
UPDATE "meter" SET "snoozed" = jsonb_set("snoozed", '{by}', to_jsonb("person_with_platform"("snoozed" ->> 'by'))) WHERE "snoozed" ->> 'by' IS NOT NULL;
UPDATE "alert" SET "acknowledged_by" = "person_with_platform"("acknowledged_by") WHERE "acknowledged_by" IS NOT NULL;
UPDATE "alert" SET "requested_by" = "person_with_platform"("requested_by") WHERE "requested_by" IS NOT NULL;
UPDATE "delivery" SET "mentions" = "people_with_platforms"("mentions") WHERE cardinality("mentions") > 0;

-- A route from chat was made on the platform that it leads to.
UPDATE "route" SET "created_by" = "destination"."kind" || ':' || "created_by" FROM "destination"
WHERE "destination"."id" = "route"."destination_id" AND "created_by" IS NOT NULL;
UPDATE "route" SET "settings" = jsonb_set("settings", '{mention}', (
  SELECT jsonb_object_agg("severity", (
    SELECT coalesce(jsonb_agg("person_with_platform"("one")), '[]') FROM jsonb_array_elements_text("ids") AS "one"
  )) FROM jsonb_each("settings" -> 'mention') AS "list"("severity", "ids")
))
WHERE jsonb_typeof("settings" -> 'mention') = 'object' AND "settings" -> 'mention' <> '{}';

-- The record refuses changes other than the removal of a name. This one removes none.
ALTER TABLE "audit" DISABLE TRIGGER "audit_keeps_its_rows";
UPDATE "audit" SET "person" = "people_with_platforms"("person") WHERE cardinality("person") > 0;
ALTER TABLE "audit" ENABLE TRIGGER "audit_keeps_its_rows";

-- Snapshots name people in these two fields.
UPDATE "notification" SET "snapshot" = regexp_replace(regexp_replace(regexp_replace("snapshot"::text,
    '"(by|acknowledgedBy)": "([UW][A-Z0-9]{2,})"', '"\1": "slack:\2"', 'g'),
    '"(by|acknowledgedBy)": "(29:[^"\\]+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"', '"\1": "teams:\2"', 'g'),
    '"(by|acknowledgedBy)": "(?!(?:slack|teams):|somebody")([^"\\]+)"', '"\1": "terminal:\2"', 'g')::jsonb
WHERE "snapshot"::text ~ '"(by|acknowledgedBy)": "';

-- A snapshot that names a destination says whether one person reads there, and one that quotes a message names its people.
UPDATE "notification" SET "snapshot" = jsonb_set("snapshot", '{place,direct}', 'true') FROM "destination"
WHERE "notification"."kind" = 'destination-disabled' AND "destination"."account_id" = "notification"."account_id" AND "destination"."is_direct"
  AND "destination"."kind" = "snapshot" #>> '{place,kind}' AND "destination"."address" = "snapshot" #>> '{place,address}';
UPDATE "notification" SET "snapshot" = jsonb_set("snapshot", '{messages}', (
  SELECT jsonb_agg("one" || jsonb_build_object(
    'people', (
      SELECT coalesce(jsonb_agg(DISTINCT "person_with_platform"("found"[1])), '[]') FROM regexp_matches("one" ->> 'said', '@([[:alnum:]_:-]+)', 'g') AS "found"
    ),
    'place', "one" -> 'place' || CASE WHEN EXISTS (
      SELECT FROM "destination" WHERE "destination"."account_id" = "notification"."account_id" AND "destination"."is_direct"
        AND "destination"."kind" = "one" #>> '{place,kind}' AND "destination"."address" = "one" #>> '{place,address}'
    ) THEN '{"direct": true}'::jsonb ELSE '{}'::jsonb END
  ) ORDER BY "nth") FROM jsonb_array_elements("snapshot" -> 'messages') WITH ORDINALITY AS "list"("one", "nth")
))
WHERE "kind" = 'undelivered' AND jsonb_array_length("snapshot" -> 'messages') > 0;

DROP FUNCTION "people_with_platforms"(TEXT[]);
DROP FUNCTION "person_with_platform"(TEXT);
