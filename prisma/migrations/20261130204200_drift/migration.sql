-- AlterTable
ALTER TABLE "poll" ADD COLUMN     "answer_memory" JSONB,
ADD COLUMN     "drift_causes" JSONB;

-- AlterTable
ALTER TABLE "source" ADD COLUMN     "key_expiry" JSONB,
ADD COLUMN     "key_expiry_told" JSONB,
ADD COLUMN     "told_problems" JSONB;
