ALTER TABLE "orders" ADD COLUMN "country_key" text GENERATED ALWAYS AS (coalesce(ship_country, ship_country_name, '')) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "orders_status" ON "orders" USING btree ("organization_id","status","placed_at","id");--> statement-breakpoint
CREATE INDEX "orders_country" ON "orders" USING btree ("organization_id","country_key","placed_at","id");--> statement-breakpoint
CREATE INDEX "orders_kind" ON "orders" USING btree ("organization_id","kind","placed_at","id") WHERE "orders"."kind" <> 'sale';