-- an owner that is no superuser sees no rows behind forced row-level security; each start forces it again (platform/roles.ts)
ALTER TABLE "stock_levels" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "locations" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "listings" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "stock_levels" DROP CONSTRAINT "stock_levels_location_id_product_id_pk";--> statement-breakpoint
ALTER TABLE "stock_levels" ADD COLUMN "stock_external_id" text;--> statement-breakpoint
UPDATE "stock_levels" s SET "stock_external_id" = s."product_id"::text FROM "locations" p WHERE p."id" = s."location_id" AND p."connection_id" IS NULL;--> statement-breakpoint
UPDATE "stock_levels" s SET "stock_external_id" = one."id" FROM (
	SELECT p."id" AS "location_id", l."product_id", min(l."external_stock_id") AS "id" FROM "locations" p JOIN "listings" l ON l."connection_id" = p."connection_id"
	WHERE l."external_stock_id" IS NOT NULL GROUP BY 1, 2 HAVING count(DISTINCT l."external_stock_id") = 1
) one WHERE one."location_id" = s."location_id" AND one."product_id" = s."product_id" AND s."stock_external_id" IS NULL;--> statement-breakpoint
-- counts of several stock ids stood in one row, and only the last was kept: the next reading brings them all
DELETE FROM "stock_levels" WHERE "stock_external_id" IS NULL;--> statement-breakpoint
ALTER TABLE "stock_levels" ALTER COLUMN "stock_external_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "stock_levels" ADD CONSTRAINT "stock_levels_location_id_stock_external_id_pk" PRIMARY KEY("location_id","stock_external_id");
