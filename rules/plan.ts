/** Kinds of hosting plans, in the host's words. `Dedicated` stands for all tiers of App Service plans. */
export type PlanSku = "FlexConsumption" | "Dynamic" | "ElasticPremium" | "Dedicated";

/** What the host's rules depend on. */
export interface Plan {
    sku: PlanSku;
    /** Whether the app runs on Linux. Defaults to true. */
    isLinux?: boolean;
}
