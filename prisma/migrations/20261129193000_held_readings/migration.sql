-- AlterTable
ALTER TABLE "meter" ADD COLUMN     "held" JSONB,
ADD COLUMN     "is_coarse" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "reading" ADD COLUMN     "is_correction" BOOLEAN NOT NULL DEFAULT false;
