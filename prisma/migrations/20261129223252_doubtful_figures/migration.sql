-- AlterTable
ALTER TABLE "meter" ADD COLUMN     "closed_at_used" BIGINT,
ADD COLUMN     "is_total_unknown" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "jumped_from" BIGINT,
ADD COLUMN     "jumped_to" BIGINT;
