CREATE TABLE "reference_rates" (
	"currency" text NOT NULL,
	"day" date NOT NULL,
	"per_euro" numeric(20, 10) NOT NULL,
	CONSTRAINT "reference_rates_currency_day_pk" PRIMARY KEY("currency","day")
);
--> statement-breakpoint
CREATE TABLE "cost_settings" (
	"organization_id" uuid PRIMARY KEY NOT NULL,
	"method" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "kept_apart" (
	"organization_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"other_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "kept_apart_product_id_other_id_pk" PRIMARY KEY("product_id","other_id")
);
--> statement-breakpoint
CREATE TABLE "product_components" (
	"organization_id" uuid NOT NULL,
	"bundle_id" uuid NOT NULL,
	"component_id" uuid NOT NULL,
	"quantity" integer NOT NULL,
	CONSTRAINT "product_components_bundle_id_component_id_pk" PRIMARY KEY("bundle_id","component_id")
);
--> statement-breakpoint
CREATE TABLE "product_costs" (
	"organization_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"from_day" date NOT NULL,
	"unit_cost" numeric(20, 6) NOT NULL,
	"currency" text NOT NULL,
	"source" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "product_costs_product_id_from_day_pk" PRIMARY KEY("product_id","from_day")
);
--> statement-breakpoint
CREATE TABLE "product_receipts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"received_on" date NOT NULL,
	"quantity" integer NOT NULL,
	"unit_cost" numeric(20, 6) NOT NULL,
	"currency" text NOT NULL,
	"reference" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "exchange_rates" DROP CONSTRAINT "exchange_rates_organization_id_currency_day_pk";--> statement-breakpoint
ALTER TABLE "exchange_rates" ADD COLUMN "base" text;--> statement-breakpoint
UPDATE "exchange_rates" r SET "base" = o."currency" FROM "organizations" o WHERE o."id" = r."organization_id";--> statement-breakpoint
ALTER TABLE "exchange_rates" ALTER COLUMN "base" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "exchange_rates" ADD CONSTRAINT "exchange_rates_organization_id_currency_base_day_pk" PRIMARY KEY("organization_id","currency","base","day");--> statement-breakpoint
ALTER TABLE "listings" ADD COLUMN "barcode" text;--> statement-breakpoint
ALTER TABLE "listings" ADD COLUMN "fulfilled_by" text;--> statement-breakpoint
ALTER TABLE "listings" ADD COLUMN "mapped_by" text DEFAULT 'sku' NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "supplier" text;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "merged_into" uuid;--> statement-breakpoint
ALTER TABLE "cost_settings" ADD CONSTRAINT "cost_settings_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "kept_apart" ADD CONSTRAINT "kept_apart_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "kept_apart" ADD CONSTRAINT "kept_apart_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "kept_apart" ADD CONSTRAINT "kept_apart_other_id_products_id_fk" FOREIGN KEY ("other_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_components" ADD CONSTRAINT "product_components_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_components" ADD CONSTRAINT "product_components_bundle_id_products_id_fk" FOREIGN KEY ("bundle_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_components" ADD CONSTRAINT "product_components_component_id_products_id_fk" FOREIGN KEY ("component_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_costs" ADD CONSTRAINT "product_costs_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_costs" ADD CONSTRAINT "product_costs_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_receipts" ADD CONSTRAINT "product_receipts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_receipts" ADD CONSTRAINT "product_receipts_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "product_components_component" ON "product_components" USING btree ("component_id");--> statement-breakpoint
CREATE INDEX "product_costs_organization" ON "product_costs" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "product_receipts_product" ON "product_receipts" USING btree ("organization_id","product_id","received_on");--> statement-breakpoint
CREATE INDEX "products_merged" ON "products" USING btree ("merged_into") WHERE merged_into is not null;