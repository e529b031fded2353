-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "meant_for_id" UUID;

-- AlterTable
ALTER TABLE "destination" ADD COLUMN     "off_scope" TEXT,
ADD COLUMN     "off_since" TIMESTAMPTZ(3),
ADD COLUMN     "off_told" TEXT;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_meant_for_id_fkey" FOREIGN KEY ("meant_for_id") REFERENCES "destination"("id") ON DELETE SET NULL ON UPDATE CASCADE;
