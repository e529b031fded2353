-- AlterTable
ALTER TABLE "attempt" ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'post';

-- AlterTable
ALTER TABLE "destination" ADD COLUMN     "paused_until" TIMESTAMPTZ(3);
