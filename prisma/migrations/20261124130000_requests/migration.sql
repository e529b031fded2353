-- AlterTable
ALTER TABLE "account" ADD COLUMN     "admins" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "alert" ADD COLUMN     "requested_at" TIMESTAMPTZ(3),
ADD COLUMN     "requested_by" TEXT;

-- AlterTable
ALTER TABLE "source" ADD COLUMN     "contacts" JSONB;
