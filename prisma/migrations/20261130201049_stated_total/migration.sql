-- AlterTable
ALTER TABLE "meter" ADD COLUMN     "stated_total" BIGINT;
