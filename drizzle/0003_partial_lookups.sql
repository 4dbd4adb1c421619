DROP INDEX "listings_stock";--> statement-breakpoint
DROP INDEX "listings_sku";--> statement-breakpoint
DROP INDEX "products_category";--> statement-breakpoint
CREATE INDEX "listings_stock" ON "listings" USING btree ("connection_id","external_stock_id") WHERE external_stock_id is not null;--> statement-breakpoint
CREATE INDEX "listings_sku" ON "listings" USING btree ("connection_id","sku") WHERE sku is not null;--> statement-breakpoint
CREATE INDEX "products_category" ON "products" USING btree ("organization_id","category") WHERE category is not null;