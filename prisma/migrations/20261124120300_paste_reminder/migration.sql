-- AlterTable
ALTER TABLE "source" ADD COLUMN     "asked_at" TIMESTAMPTZ(3),
ADD COLUMN     "fed_by" JSONB,
ADD COLUMN     "fed_via" TEXT;
