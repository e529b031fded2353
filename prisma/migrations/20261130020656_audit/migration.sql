-- AlterTable
ALTER TABLE "meter" ADD COLUMN     "pasted" JSONB;

-- AlterTable
ALTER TABLE "source" ADD COLUMN     "declared" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "machine_fed" TEXT;

-- CreateTable
CREATE TABLE "audit" (
    "seq" BIGSERIAL NOT NULL,
    "account_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "platform" TEXT NOT NULL,
    "actor" TEXT,
    "action" TEXT NOT NULL,
    "about" JSONB NOT NULL,
    "place" TEXT,
    "person" TEXT[],

    CONSTRAINT "audit_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE INDEX "audit_account_id_seq_idx" ON "audit"("account_id", "seq");

-- CreateIndex
CREATE INDEX "audit_at_idx" ON "audit"("at");

-- AddForeignKey
ALTER TABLE "audit" ADD CONSTRAINT "audit_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What fed the sources that there are. Which of them creditwatch.yml declares is stored by the next start.
UPDATE "source" SET "machine_fed" = CASE
  WHEN "fed_via" IN ('push', 'poll') THEN "fed_via"
  WHEN "kind" = 'push' THEN 'push'
  WHEN "kind" IN ('http', 'poll') THEN 'poll'
END;

ALTER TABLE "audit" ADD CONSTRAINT "audit_about_is_small" CHECK (octet_length("about"::text) <= 8192);

-- Nobody rewrites the record, whatever the statement. Three things are let through: an update that takes names of people and places away
-- and changes nothing else (person forget, and the purge of a platform that was removed); the deletion of what is older than 366 days;
-- and the deletion of what belonged to an account that is gone (account delete, by the foreign key, in the same statement).
CREATE FUNCTION "audit_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  "has_account" boolean;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW."seq", NEW."account_id", NEW."at", NEW."platform", NEW."action", NEW."about")
        IS NOT DISTINCT FROM (OLD."seq", OLD."account_id", OLD."at", OLD."platform", OLD."action", OLD."about")
      AND (NEW."actor" IS NULL OR NEW."actor" = OLD."actor")
      AND (NEW."place" IS NULL OR NEW."place" = OLD."place")
      AND NEW."person" <@ OLD."person" THEN
      RETURN NEW;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF OLD."at" <= now() - interval '366 days' THEN
      RETURN OLD;
    END IF;
    IF OLD."account_id" IS NOT NULL THEN
      EXECUTE format('SELECT EXISTS (SELECT FROM %I."account" WHERE "id" = $1)', TG_TABLE_SCHEMA) INTO "has_account" USING OLD."account_id";
      IF NOT "has_account" THEN
        RETURN OLD;
      END IF;
    END IF;
  END IF;
  RAISE EXCEPTION 'the table audit is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER "audit_keeps_its_rows" BEFORE UPDATE OR DELETE ON "audit" FOR EACH ROW EXECUTE FUNCTION "audit_is_append_only"();

CREATE TRIGGER "audit_is_not_emptied" BEFORE TRUNCATE ON "audit" FOR EACH STATEMENT EXECUTE FUNCTION "audit_is_append_only"();
