-- CreateTable
CREATE TABLE "meter_name" (
    "meter_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "account_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "meter_name_pkey" PRIMARY KEY ("meter_id","place")
);

-- AddForeignKey
ALTER TABLE "meter_name" ADD CONSTRAINT "meter_name_meter_id_fkey" FOREIGN KEY ("meter_id") REFERENCES "meter"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Reduces a name to letters and digits that are the same in every spelling that the search treats as one name: without case, spaces, `_`, `-`,
-- punctuation and invisible characters. Letters are left out if their lower case depends on the locale of the database. Two names that the search
-- treats as one are always equal when reduced; the reverse is not true, so the code compares the whole names of what this finds.
CREATE FUNCTION "searchable_name"("name" TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(
    translate(
      lower("name" COLLATE "C"),
      'KİΩϴςΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏ',
      'kiωθσαβγδεζηθικλμνξοπρστυφχψωабвгдежзийклмнопрстуфхцчшщъыьэюяѐёђѓєѕіїјљњћќѝўџ'
    ),
    '[^0-9a-z\u03b1-\u03c9\u0430-\u045f\u05d0-\u05ea\u0620-\u064a\u0904-\u0939\u0e01-\u0e2e\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3]', '', 'g')
$$;

-- Names may be longer than an index entry can be.
CREATE INDEX "meter_name_beginning_idx" ON "meter_name" ("account_id", left("name", 200));

CREATE FUNCTION "names_of_meter"("key" TEXT, "label" TEXT, "aliases" TEXT[]) RETURNS TABLE ("place" INTEGER, "name" TEXT)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT min("nth")::int, "searchable_name"("one") FROM unnest(ARRAY["key", "label"] || "aliases") WITH ORDINALITY AS "list"("one", "nth")
  WHERE "one" IS NOT NULL GROUP BY 2
$$;

CREATE FUNCTION "meter_names_are_added"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "meter_name" ("meter_id", "place", "account_id", "name")
  SELECT "added"."id", "names"."place", "added"."account_id", "names"."name"
  FROM "added", "names_of_meter"("added"."key", "added"."label", "added"."aliases") AS "names";
  RETURN NULL;
END
$$;

CREATE FUNCTION "meter_names_are_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "meter_name" WHERE "meter_id" = NEW."id";
  INSERT INTO "meter_name" ("meter_id", "place", "account_id", "name")
  SELECT NEW."id", "names"."place", NEW."account_id", "names"."name" FROM "names_of_meter"(NEW."key", NEW."label", NEW."aliases") AS "names";
  RETURN NULL;
END
$$;

CREATE TRIGGER "meter_is_added" AFTER INSERT ON "meter" REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "meter_names_are_added"();

-- Only a statement that sets a name meets this trigger, so readings do not.
CREATE TRIGGER "meter_is_renamed" AFTER UPDATE OF "account_id", "key", "label", "aliases" ON "meter" FOR EACH ROW
WHEN ((OLD."account_id", OLD."key", OLD."label", OLD."aliases") IS DISTINCT FROM (NEW."account_id", NEW."key", NEW."label", NEW."aliases"))
EXECUTE FUNCTION "meter_names_are_changed"();

INSERT INTO "meter_name" ("meter_id", "place", "account_id", "name")
SELECT "meter"."id", "names"."place", "meter"."account_id", "names"."name"
FROM "meter", "names_of_meter"("meter"."key", "meter"."label", "meter"."aliases") AS "names";
