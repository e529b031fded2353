-- AlterTable
ALTER TABLE "account" ADD COLUMN     "viewers" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "viewers_limited" BOOLEAN NOT NULL DEFAULT false;
