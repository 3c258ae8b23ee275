import { readFileSync } from "node:fs";
import { type ExtensionBundle, readBundle } from "../../rules/bundle";
import { messageOf } from "../../rules/errors";
import { describeUnsyncedExtensions, extensionLists, installedAssemblies } from "../../rules/extensionsJson";
import { configurationOf, type HostSettings, parseHostJson, readHostSettings } from "../../rules/hostJson";
import { decodeText, isJsonObject, type JsonObject, propertyOf } from "../../rules/json";
import type { Plan } from "../../rules/plan";
import { show } from "../shared/checks";
import type { ServiceKind } from "../shared/serviceKinds";
import { bundleAdvice, checkBundle } from "./bundle";
import type { PackageListing } from "./files";

export interface HostJsonFinding {
    faults: string[];
    warnings: string[];
    /** What stands before the path of every HTTP function. */
    routePrefix: string;
    /** Names of the functions to run. Defaults to all. */
    functions?: HostSettings["functions"];
    bundle?: ExtensionBundle;
}

export const defaultRoutePrefix = "api";

/** Looks at the host.json of a package: whether the host starts with it on the plan, and whether it brings the service's extension. */
export function checkHostJson(options: {
    codePath: string;
    listing: PackageListing;
    plan: Plan;
    kind?: ServiceKind;
    identity: boolean;
}): HostJsonFinding {
    const { codePath, listing, plan } = options;
    const refused = (fault: string): HostJsonFinding => ({
        faults: [fault],
        warnings: [],
        routePrefix: defaultRoutePrefix,
    });
    const file = listing.files.find(({ path }) => path === "host.json");
    if (file === undefined) {
        return refused(
            listing.isLeftOut("host.json")
                ? `${show(codePath)} has no host.json: .funcignore leaves it out. Remove the line from .funcignore.`
                : `${show(codePath)} has no host.json. Give the folder that holds it, not one above or below.`,
        );
    }
    const text = decodeText(readFileSync(file.source));
    let configuration: JsonObject;
    try {
        configuration = configurationOf(parseHostJson(text));
    } catch (error) {
        const message = messageOf(error);
        return refused(
            /not valid JSON/.test(message)
                ? `host.json in ${show(codePath)} is not a JSON object. ${message}`
                : `host.json in ${show(codePath)}: ${message}`,
        );
    }
    const finding: HostJsonFinding = {
        ...checkExtension({ ...options, configuration }),
        routePrefix: defaultRoutePrefix,
    };
    try {
        const { routePrefix, functions } = readHostSettings({ configuration, sku: plan.sku });
        return { ...finding, routePrefix, ...(functions && { functions }) };
    } catch (error) {
        finding.faults.push(`host.json in ${show(codePath)}: ${messageOf(error)}`);
    }
    return finding;
}

function checkExtension(options: {
    codePath: string;
    listing: PackageListing;
    configuration: JsonObject;
    kind?: ServiceKind;
    identity: boolean;
}): Omit<HostJsonFinding, "routePrefix"> {
    const { codePath, listing, configuration, kind, identity } = options;
    const given = propertyOf(configuration, "extensionBundle");
    const faults: string[] = [];
    const warnings: string[] = [];
    if (kind !== undefined && given === undefined) {
        faults.push(...installedFaults(listing, kind));
    }
    if (kind !== undefined && given !== undefined) {
        const values = isJsonObject(given) ? given : {};
        const { fault, warning } = checkBundle(
            { id: propertyOf(values, "id"), version: propertyOf(values, "version") },
            kind,
            { identity },
        );
        faults.push(...(fault === undefined ? [] : [fault]));
        warnings.push(...(warning === undefined ? [] : [warning]));
    }
    try {
        const bundle = readBundle(configuration);
        return { faults, warnings, ...(bundle && { bundle }) };
    } catch (error) {
        // The service's own words say more of the same fault.
        return {
            faults: faults.length > 0 ? faults : [`host.json in ${show(codePath)}: ${messageOf(error)}`],
            warnings,
        };
    }
}

/** Faults of an app without a bundle, which must have the service's extension installed. */
function installedFaults({ files, isLeftOut }: PackageListing, kind: ServiceKind): string[] {
    const list = extensionLists
        .map((path) => files.find((file) => file.path === path))
        .find((file) => file !== undefined);
    if (list !== undefined && installedAssemblies(decodeText(readFileSync(list.source))).includes(kind.assembly)) {
        return [];
    }
    const leftOut = extensionLists.find(isLeftOut);
    const why =
        list === undefined && leftOut !== undefined
            ? ` .funcignore leaves out ${leftOut}.`
            : ` ${(list === undefined && describeUnsyncedExtensions(files.some(({ path }) => path === "extensions.csproj"))) || ""}`;
    return [
        `host.json names no extension bundle and no installed extensions.json lists ${kind.assembly}.${why.trimEnd()} ${bundleAdvice(kind)}`,
    ];
}
