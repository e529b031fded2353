-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "held_until" TIMESTAMPTZ(3);
