DROP INDEX "customers_email";--> statement-breakpoint
DROP INDEX "orders_name";--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "name_key" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "family_key" text;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "net" numeric(20, 4);--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "name_key" text NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "total_key" bigint GENERATED ALWAYS AS (coalesce((total * 10000)::bigint, '-9223372036854775808'::bigint)) STORED;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "content_hash" text NOT NULL;--> statement-breakpoint
CREATE INDEX "customers_name" ON "customers" USING btree ("organization_id","name_key" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "customers_family" ON "customers" USING btree ("organization_id","family_key" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "orders_total" ON "orders" USING btree ("organization_id","total_key","id");--> statement-breakpoint
CREATE INDEX "customers_email" ON "customers" USING btree ("organization_id","email_key" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "orders_name" ON "orders" USING btree ("organization_id","name_key" text_pattern_ops);--> statement-breakpoint
ALTER TABLE "orders" DROP COLUMN "search";