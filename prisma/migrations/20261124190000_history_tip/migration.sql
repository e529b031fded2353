-- AlterTable
ALTER TABLE "meter" ADD COLUMN     "history_tip" JSONB;
