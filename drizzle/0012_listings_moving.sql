ALTER TABLE "listings" ADD COLUMN "moved_from" uuid;--> statement-breakpoint
CREATE INDEX "listings_moving" ON "listings" USING btree ("organization_id") WHERE moved_from is not null;