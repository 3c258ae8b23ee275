import { readFileSync, statSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { PlanSku } from "../../rules/plan";
import { type FunctionRuntime, HostingPlan } from "../functionApp/args";
import { planFacts } from "../functionApp/hosting";
import { show } from "../shared/checks";
import type { ServiceKind } from "../shared/serviceKinds";
import { entryFaults } from "./entry";
import { listPackage, type PackageFile } from "./files";
import { functionFaults } from "./functions";
import { checkHostJson, defaultRoutePrefix } from "./hostJson";

// The zip format without its 64-bit extension, which not every deployment path reads.
const limits = { files: 65_535, bytes: 1024 ** 3 };

export interface PackageQuestion {
    codePath: string;
    runtime: FunctionRuntime;
    /** The realtime service whose extension the code needs. Defaults to none. */
    kind?: ServiceKind;
    /** Whether the app signs in to that service with its identity. Defaults to false: unknown. */
    identity?: boolean;
    /** Whether Azure installs the code's packages. Defaults to false. */
    remoteBuild?: boolean;
    /** Plan that the app runs on. Defaults to FlexConsumption. */
    plan?: HostingPlan;
}

export interface CheckedPackage {
    files: PackageFile[];
    /** What is wrong, a sentence each; empty when the package can be deployed. */
    faults: string[];
    /** What may be wrong, a sentence each. */
    warnings: string[];
    /** What stands before the path of every HTTP function, from host.json. */
    routePrefix: string;
    /** A file that declares a Socket.IO trigger, when there is one. */
    socketIOTrigger?: string;
}

export const emptyPackage: CheckedPackage = { files: [], faults: [], warnings: [], routePrefix: defaultRoutePrefix };

/** Looks into a code folder before anything is created. */
export function checkPackage(question: PackageQuestion): CheckedPackage {
    try {
        return lookInto(question);
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === undefined) {
            throw error;
        }
        return refused(`${show(question.codePath)} cannot be read (${code}). Give a folder that can be.`);
    }
}

const refused = (fault: string): CheckedPackage => ({ ...emptyPackage, faults: [fault] });

function lookInto(question: PackageQuestion): CheckedPackage {
    const { codePath, runtime, kind, identity = false, remoteBuild = false } = question;
    if (typeof codePath !== "string" || codePath === "") {
        return refused(`${show(codePath)} is not a folder. Give the path of a function app's folder.`);
    }
    const about = statSync(codePath, { throwIfNoEntry: false });
    if (about === undefined) {
        const from = isAbsolute(codePath) ? "" : `, seen from ${process.cwd()}`;
        return refused(`${show(codePath)} does not exist${from}. Build the function app first.`);
    }
    if (!about.isDirectory()) {
        return refused(`${show(codePath)} is not a folder. Give the folder that holds host.json.`);
    }
    const listing = listPackage(codePath);
    const { files } = listing;
    if (files.length === 0) {
        return refused(`${show(codePath)} holds no file to deploy, after .funcignore. Build the function app first.`);
    }
    const size = sizeFault(codePath, files);
    if (size !== undefined) {
        return refused(size);
    }
    const plan = planOf(question.plan);
    const host = checkHostJson({ codePath, listing, plan, identity, ...(kind && { kind }) });
    const { routePrefix, bundle, functions } = host;
    return {
        files,
        faults: [
            ...host.faults,
            ...entryFaults({ codePath, listing, runtime, remoteBuild, isLinux: plan.isLinux }),
            ...functionFaults({
                ...{ codePath, listing, runtime, plan, routePrefix, bundle, listed: functions },
                isBundleUnknown: bundle === undefined && host.faults.length > 0,
            }),
        ],
        warnings: host.warnings,
        routePrefix: routePrefix.replace(/^\/+|(?<!\/)\/+$/g, ""),
        // Looked for when it is asked for, because that reads all of the code and only one plan wants to know.
        get socketIOTrigger() {
            return findSocketIOTrigger(files);
        },
    };
}

const skus: Record<HostingPlan, PlanSku> = {
    FlexConsumption: "FlexConsumption",
    Consumption: "Dynamic",
    ElasticPremium: "ElasticPremium",
    Dedicated: "Dedicated",
};

/** The plan in the host's words. A plan that is refused elsewhere counts as the default. */
function planOf(given: HostingPlan = HostingPlan.FlexConsumption): { sku: PlanSku; isLinux: boolean } {
    const plan = Object.values(HostingPlan).includes(given) ? given : HostingPlan.FlexConsumption;
    return { sku: skus[plan], isLinux: planFacts(plan).linux };
}

export function sizeFault(codePath: string, files: readonly Pick<PackageFile, "size">[]): string | undefined {
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    if (files.length > limits.files) {
        return `${show(codePath)} holds ${files.length} files. Allowed: ${limits.files} at most; bundle the code or list what is not needed in .funcignore.`;
    }
    return bytes > limits.bytes
        ? `${show(codePath)} holds ${Math.ceil(bytes / 1024 ** 2)} MiB. Allowed: 1024 MiB at most; bundle the code or list what is not needed in .funcignore.`
        : undefined;
}

const code = /\.(?:[cm]?js|json|metadata|py|ps1)$/i;
const trigger = /socketiotrigger/i;

/** A file that declares a Socket.IO trigger, in whatever language: function.json, compiled code or functions.metadata. */
function findSocketIOTrigger(files: PackageFile[]): string | undefined {
    const own = files.filter(
        ({ path }) => code.test(path) && !/(?:^|\/)(?:node_modules|\.python_packages)\//.test(path),
    );
    return own.find(({ source }) => trigger.test(readFileSync(source, "utf8")))?.path;
}
