CREATE TABLE "forecast_accuracy" (
	"organization_id" uuid NOT NULL,
	"series_key" text NOT NULL,
	"level" text NOT NULL,
	"product_id" uuid,
	"channel" text,
	"category" text,
	"version" integer NOT NULL,
	"trained_at" timestamp with time zone NOT NULL,
	"figures" jsonb NOT NULL,
	"sums" jsonb NOT NULL,
	"by_model" jsonb NOT NULL,
	"winner" text,
	"weights" jsonb NOT NULL,
	"past" jsonb NOT NULL,
	"notes" text[] NOT NULL,
	CONSTRAINT "forecast_accuracy_organization_id_series_key_pk" PRIMARY KEY("organization_id","series_key")
);
--> statement-breakpoint
CREATE TABLE "forecast_models" (
	"organization_id" uuid NOT NULL,
	"series_key" text NOT NULL,
	"level" text NOT NULL,
	"product_id" uuid,
	"channel" text,
	"category" text,
	"version" integer NOT NULL,
	"weights" jsonb NOT NULL,
	"state" jsonb NOT NULL,
	"trained_at" timestamp with time zone NOT NULL,
	CONSTRAINT "forecast_models_organization_id_series_key_version_pk" PRIMARY KEY("organization_id","series_key","version")
);
--> statement-breakpoint
CREATE TABLE "forecast_parts" (
	"organization_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"part" text NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "forecast_parts_run_id_part_pk" PRIMARY KEY("run_id","part")
);
--> statement-breakpoint
CREATE TABLE "forecast_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"trigger" text NOT NULL,
	"status" text NOT NULL,
	"progress" jsonb NOT NULL,
	"version" integer NOT NULL,
	"seed" integer NOT NULL,
	"origin" date,
	"queued_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"heartbeat_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text,
	"cpu_seconds" double precision,
	"peak_mb" integer
);
--> statement-breakpoint
CREATE TABLE "forecast_sets" (
	"organization_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"seed" integer NOT NULL,
	"trained_at" timestamp with time zone NOT NULL,
	"origin" date NOT NULL,
	"state" jsonb NOT NULL,
	"network" "bytea",
	CONSTRAINT "forecast_sets_organization_id_version_pk" PRIMARY KEY("organization_id","version")
);
--> statement-breakpoint
CREATE TABLE "forecasts" (
	"organization_id" uuid NOT NULL,
	"series_key" text NOT NULL,
	"level" text NOT NULL,
	"product_id" uuid,
	"channel" text,
	"category" text,
	"origin" date NOT NULL,
	"is_current" boolean NOT NULL,
	"version" integer NOT NULL,
	"run_id" uuid,
	"made_at" timestamp with time zone NOT NULL,
	"point" jsonb NOT NULL,
	"lo80" jsonb NOT NULL,
	"hi80" jsonb NOT NULL,
	"lo95" jsonb NOT NULL,
	"hi95" jsonb NOT NULL,
	"units30" double precision NOT NULL,
	"units60" double precision NOT NULL,
	"units90" double precision NOT NULL,
	"sold30" double precision,
	"by_model" jsonb NOT NULL,
	"weights" jsonb NOT NULL,
	"notes" text[] NOT NULL,
	CONSTRAINT "forecasts_organization_id_series_key_origin_pk" PRIMARY KEY("organization_id","series_key","origin")
);
--> statement-breakpoint
CREATE TABLE "stock_days" (
	"organization_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"day" date NOT NULL,
	"looked" integer NOT NULL,
	"empty" integer NOT NULL,
	CONSTRAINT "stock_days_organization_id_product_id_day_pk" PRIMARY KEY("organization_id","product_id","day")
);
--> statement-breakpoint
ALTER TABLE "forecast_accuracy" ADD CONSTRAINT "forecast_accuracy_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forecast_accuracy" ADD CONSTRAINT "forecast_accuracy_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forecast_models" ADD CONSTRAINT "forecast_models_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forecast_models" ADD CONSTRAINT "forecast_models_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forecast_parts" ADD CONSTRAINT "forecast_parts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forecast_parts" ADD CONSTRAINT "forecast_parts_run_id_forecast_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."forecast_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forecast_runs" ADD CONSTRAINT "forecast_runs_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forecast_sets" ADD CONSTRAINT "forecast_sets_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forecasts" ADD CONSTRAINT "forecasts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forecasts" ADD CONSTRAINT "forecasts_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_days" ADD CONSTRAINT "stock_days_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_days" ADD CONSTRAINT "stock_days_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "forecast_accuracy_product" ON "forecast_accuracy" USING btree ("product_id");--> statement-breakpoint
CREATE INDEX "forecast_models_product" ON "forecast_models" USING btree ("product_id");--> statement-breakpoint
CREATE INDEX "forecast_parts_organization" ON "forecast_parts" USING btree ("organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "forecast_runs_active" ON "forecast_runs" USING btree ("organization_id","kind") WHERE status in ('queued', 'running') and kind <> 'on-demand';--> statement-breakpoint
CREATE INDEX "forecast_runs_organization" ON "forecast_runs" USING btree ("organization_id","kind","queued_at");--> statement-breakpoint
CREATE UNIQUE INDEX "forecasts_current" ON "forecasts" USING btree ("organization_id","series_key") WHERE is_current;--> statement-breakpoint
CREATE INDEX "forecasts_level" ON "forecasts" USING btree ("organization_id","level","units30") WHERE is_current;--> statement-breakpoint
CREATE INDEX "forecasts_product" ON "forecasts" USING btree ("product_id");--> statement-breakpoint
CREATE INDEX "stock_days_product" ON "stock_days" USING btree ("product_id");