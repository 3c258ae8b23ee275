import type { OneDeployBody, PlanSku } from "../options";
import { isPackageUrl, packageSetting } from "./settings";

const flexProperties = ["packageUri", "remoteBuild"];
const siteProperties = ["packageUri", "type", "clean", "restart", "async", "ignorestack"];

/** Faults of a One Deploy request: properties that the plan does not have, and values that only Azure can act on. */
export function oneDeployFaults(options: {
    body: OneDeployBody;
    sku: PlanSku;
    settings: Record<string, string>;
}): string[] {
    const { body, sku } = options;
    const allowed = sku === "FlexConsumption" ? flexProperties : siteProperties;
    const faults: string[] = [];
    for (const [name, value] of Object.entries(body)) {
        if (value !== undefined && !allowed.includes(name)) {
            faults.push(
                `properties.${name} is ${JSON.stringify(value)}: One Deploy on plan ${sku} has no such property. ` +
                    `Allowed are ${allowed.join(", ")}. Remove it.`,
            );
        }
    }
    if (sku === "FlexConsumption") {
        if (body.remoteBuild === true) {
            faults.push(
                "properties.remoteBuild is true: code is built on Azure only, the local Azure has no build server. " +
                    "Deploy code that is built already, and leave remoteBuild out or set it to false.",
            );
        }
        return faults;
    }
    if (body.type !== undefined && body.type !== "zip") {
        faults.push(`properties.type is ${JSON.stringify(body.type)}: the package of a Function App must be "zip".`);
    }
    if (body.clean === false) {
        faults.push("properties.clean is false: the local Azure always removes the code before. Set it to true.");
    }
    if (isPackageUrl(options.settings[packageSetting])) {
        faults.push(
            `app setting ${packageSetting} is a URL, so the app takes its code from there and One Deploy is refused. ` +
                "Remove the setting, set it to 1, or deploy by changing the URL.",
        );
    }
    return faults;
}
