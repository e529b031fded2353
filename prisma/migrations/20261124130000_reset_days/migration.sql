-- AlterTable
ALTER TABLE "source" ADD COLUMN     "period_by" TEXT;
