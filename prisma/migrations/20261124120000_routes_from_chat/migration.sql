-- AlterTable
ALTER TABLE "route" ADD COLUMN     "created_by" TEXT,
ADD COLUMN     "origin" TEXT NOT NULL DEFAULT 'file';
