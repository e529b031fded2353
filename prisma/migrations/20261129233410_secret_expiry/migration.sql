-- AlterTable
ALTER TABLE "secret" ADD COLUMN     "expires_at" TIMESTAMPTZ(3);
