-- AlterTable
ALTER TABLE "source" ADD COLUMN     "asked_off_by" TEXT;
