import { armIdRule } from "../shared/armId";
import { type Checks, type Rule, show } from "../shared/checks";
import { object, plain, required, text } from "../shared/shape";
import { urlRule } from "../shared/urls";
import { type FunctionAppArgs, type FunctionAppOptionsArgs, FunctionIdentity, HostingPlan } from "./args";
import type { StagingSlot, StagingSlotOptions } from "./stagingSlotArgs";

const options = { name: plain(text), hubSuffix: plain(text) };
export const stagingSlotOptionsShape = plain(object<StagingSlotOptions>(options));
export const stagingSlotShape = plain(
    object<StagingSlot>({ ...options, vaultId: required(text), vaultUri: required(text) }),
);

/** The slot's options with their defaults. */
export function stagingSlotOf({ name = "staging", hubSuffix }: StagingSlotOptions): Required<StagingSlotOptions> {
    return { name, hubSuffix: hubSuffix ?? `_${name.replaceAll("-", "_")}` };
}

/** Whether names can be made with these options. What is wrong with them is told once, where they are checked. */
export function isNamedWell({ name, hubSuffix }: StagingSlotOptions): boolean {
    const isGood = (value: unknown, rule: Rule<string>): boolean =>
        value === undefined || (typeof value === "string" && rule(value) === undefined);
    return isGood(name, slotNameRule) && isGood(hubSuffix, hubSuffixRule);
}

type SlotHolder = Pick<FunctionAppOptionsArgs, "planId" | "planSku" | "identityType" | "roleDelaySeconds"> & {
    plan: HostingPlan;
    stagingSlot?: StagingSlotOptions;
};

/** Checks whether the app can have a slot, alone or inside a backend. Returns the plan's size, which may be known later. */
export function checkStagingSlot(checks: Checks, args: SlotHolder): FunctionAppOptionsArgs["planSku"] {
    const { stagingSlot, plan, planId, planSku, identityType } = args;
    if (stagingSlot === undefined) {
        return planSku;
    }
    const part = checks.at("stagingSlot.");
    part.plain("name", stagingSlot.name, slotNameRule);
    part.plain("hubSuffix", stagingSlot.hubSuffix, hubSuffixRule);
    if (plan === HostingPlan.FlexConsumption || plan === HostingPlan.Consumption) {
        const instead =
            plan === HostingPlan.FlexConsumption
                ? "Remove it, and set siteUpdateStrategy RollingUpdate for updates without a pause; or use plan ElasticPremium, or Dedicated with planSku S1 or larger."
                : "Use plan ElasticPremium, or Dedicated with planSku S1 or larger.";
        checks.fault("stagingSlot", `plan ${plan} has no slot for staging here. ${instead}`);
    }
    if (identityType === FunctionIdentity.SystemAssigned) {
        checks.fault(
            "stagingSlot",
            "a slot does not have the system-assigned identity of its app. Use identityType UserAssigned, which both share.",
        );
    }
    if (plan !== HostingPlan.Dedicated) {
        return planSku;
    }
    if (planSku === undefined && planId === undefined) {
        checks.fault("stagingSlot", sizeFault("B1, the default of planSku,"));
    }
    return checks.input<string, FunctionAppOptionsArgs["planSku"]>("planSku", planSku, slotSizeRule);
}

/** Checks the slot of a FunctionApp that stands alone. */
export function checkAppSlot(
    checks: Checks,
    args: Pick<FunctionAppArgs, "stagingSlot" | "keyStore">,
): StagingSlot | undefined {
    const { stagingSlot, keyStore } = args;
    if (stagingSlot === undefined) {
        return undefined;
    }
    if (keyStore === undefined) {
        checks.fault("stagingSlot", "the keys of the app must be in a vault too. Give keyStore.");
    }
    const part = checks.at("stagingSlot.");
    return {
        ...stagingSlot,
        vaultId: part.input("vaultId", stagingSlot.vaultId, armIdRule("Microsoft.KeyVault/vaults")),
        vaultUri: part.input("vaultUri", stagingSlot.vaultUri, urlRule),
    };
}

/** Basic has no slots. Source: https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits */
const sizeFault = (size: string) =>
    `${size} is a Basic size, which has no deployment slots. Use planSku S1 or larger, or plan ElasticPremium.`;

const slotSizeRule: Rule<string> = (size) => (/^B\d$/.test(size) ? `stagingSlot: ${sizeFault(size)}` : undefined);

export const slotNameRule: Rule<string> = (value) =>
    typeof value === "string" &&
    /^[A-Za-z0-9](?!.*--)[A-Za-z0-9-]{0,30}[A-Za-z0-9]$/.test(value) &&
    value.toLowerCase() !== "production"
        ? undefined
        : `${show(value)} is not a name of a slot. Allowed: 2-32 letters, digits and single hyphens, no hyphen first or last; not production.`;

const hubSuffixRule: Rule<string> = (value) =>
    typeof value === "string" && /^[A-Za-z0-9_]{1,40}$/.test(value)
        ? undefined
        : `${show(value)} cannot end the name of a hub. Allowed: 1-40 letters, digits and underscores.`;
