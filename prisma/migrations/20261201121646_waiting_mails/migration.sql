-- AlterTable
ALTER TABLE "mail" ADD COLUMN     "notice" JSONB;
