-- AlterTable
ALTER TABLE "destination" ADD COLUMN     "struck_at" TIMESTAMPTZ(3);
