import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { type Binding, byFunctionName, checkSettings, checkUnique } from "../../rules/bindings";
import { bindingOf } from "../../rules/bindingTable";
import { type ExtensionBundle, reaches } from "../../rules/bundle";
import { messageOf } from "../../rules/errors";
import { describeUnsyncedExtensions, extensionLists } from "../../rules/extensionsJson";
import { checkLanguage, findScript, readFunctionJson, scriptNames } from "../../rules/functionJson";
import { isListed } from "../../rules/hostJson";
import { buildRouteTemplate, checkConflict, type NamedTrigger, readHttpTrigger } from "../../rules/httpTrigger";
import { decodeText, propertyOf } from "../../rules/json";
import type { Plan } from "../../rules/plan";
import { readSchedule } from "../../rules/schedule";
import { checkSignalREvent, checkTrigger, eventOf } from "../../rules/triggers";
import { FunctionRuntime } from "../functionApp/args";
import { show } from "../shared/checks";
import type { PackageFile, PackageListing } from "./files";

const functionJson = /^([^/]+)\/function\.json$/;

export function hasFunctionJson(files: readonly PackageFile[]): boolean {
    return files.some(({ path }) => functionJson.test(path));
}

export interface FunctionsQuestion {
    codePath: string;
    listing: PackageListing;
    runtime: FunctionRuntime;
    plan: Plan;
    /** What host.json puts before every route. */
    routePrefix: string;
    bundle: ExtensionBundle | undefined;
    /** Whether host.json has a fault of its own, so that it does not tell the extensions. Then nothing is said about missing ones. */
    isBundleUnknown: boolean;
    /** The functions that host.json lets run. Undefined for all. */
    listed: readonly string[] | undefined;
}

/**
 * Faults of the functions that are declared in function.json, in the host's words and in its order: Azure would put such a function in
 * error, or for a malformed route not start the app at all.
 */
export function functionFaults(question: FunctionsQuestion): string[] {
    const { codePath, listing, listed } = question;
    const routes: NamedTrigger[] = [];
    const events = new Map<string, string>();
    const sound: { name: string }[] = [];
    const found = listing.files.flatMap((file) => {
        const name = functionJson.exec(file.path)?.[1];
        return name === undefined || !isListed(listed, name) ? [] : [{ name, file }];
    });
    return found.sort(byFunctionName).flatMap(({ name, file }) => {
        try {
            checkFunction({ ...question, name, file, routes, events });
            checkUnique(name, sound);
            sound.push({ name });
            return [];
        } catch (error) {
            return [`The '${name}' function is in error: ${messageOf(error)} (${file.path} in ${show(codePath)})`];
        }
    });
}

function checkFunction(
    options: FunctionsQuestion & {
        name: string;
        file: PackageFile;
        /** The routes and the events of the functions before this one. */
        routes: NamedTrigger[];
        events: Map<string, string>;
    },
): void {
    const { name, file, routes, events, runtime, plan, routePrefix } = options;
    const { bindings, trigger, scriptFile } = readFunctionJson({ name, text: decodeText(readFileSync(file.source)) });
    // A jar is checked with the advice of its own build.
    if (runtime !== FunctionRuntime.Java) {
        checkScript({ ...options, scriptFile });
    }
    checkTypes({ ...options, bindings });
    checkTrigger(trigger);
    checkKnownEvent(trigger);
    const event = eventOf(trigger);
    const other = event === undefined ? undefined : events.get(event);
    if (event !== undefined && other !== undefined) {
        throw new Error(
            `The functions '${other}' and '${name}' listen to one event: ${event}. Azure runs one of them at most.`,
        );
    }
    if (event !== undefined) {
        events.set(event, name);
    }
    for (const binding of bindings) {
        // A setting's value is not known before the app runs.
        checkSettings(binding, () => true);
    }
    const type = trigger.type.toLowerCase();
    if (type === "httptrigger") {
        const http = readHttpTrigger({ name, binding: trigger });
        checkConflict(http, routes);
        routes.push({ name, trigger: http });
        buildRouteTemplate({ name, route: http.route, prefix: routePrefix });
        return;
    }
    const schedule = String(propertyOf(trigger, "schedule") ?? "");
    // A setting's value is not known before the app runs.
    if (type === "timertrigger" && !schedule.includes("%")) {
        readSchedule(schedule, plan);
    }
}

/** A setting's value is not known before the app runs. */
function checkKnownEvent(trigger: Binding): void {
    const [category, event] = ["category", "event"].map((name) => String(propertyOf(trigger, name) ?? ""));
    if (trigger.type.toLowerCase() === "signalrtrigger" && !`${category}${event}`.includes("%")) {
        checkSignalREvent({ category: category ?? "", event: event ?? "" });
    }
}

function checkScript(options: FunctionsQuestion & { name: string; scriptFile: string | undefined }): void {
    const { name, scriptFile, listing, plan, runtime } = options;
    const paths = new Set(listing.files.map(({ path }) => path));
    const pathOf = (script: string) => posix.normalize(posix.join(name, script));
    const { isLinux } = plan;
    let script: string;
    try {
        script = findScript({
            ...(isLinux !== undefined && { isLinux }),
            ...(scriptFile !== undefined && { scriptFile }),
            files: [...paths]
                .filter((path) => path.startsWith(`${name}/`) && path.indexOf("/", name.length + 1) < 0)
                .map((path) => path.slice(name.length + 1)),
            exists: (script) => paths.has(pathOf(script)),
        });
    } catch (error) {
        const wanted = scriptFile === undefined ? scriptNames(runtime) : [scriptFile];
        const leftOut = wanted.map(pathOf).find((path) => listing.isLeftOut(path));
        const why =
            leftOut === undefined ? "Build the function app first." : `.funcignore leaves it out (${show(leftOut)}).`;
        throw new Error(`${messageOf(error)} ${why}`);
    }
    checkLanguage({ script, runtime });
}

/** Throws in the host's words when an app has no extension for a binding. */
function checkTypes(options: FunctionsQuestion & { bindings: readonly Binding[] }): void {
    const { bundle, isBundleUnknown, listing, bindings } = options;
    if (isBundleUnknown) {
        return;
    }
    const holds = (path: string) => listing.files.some((file) => file.path === path);
    for (const { type } of bindings) {
        const entry = bindingOf(type);
        if (entry?.origin === "host" || (bundle === undefined && extensionLists.some(holds))) {
            continue;
        }
        if (bundle === undefined) {
            const advice = describeUnsyncedExtensions(holds("extensions.csproj")) ?? "";
            throw new Error(
                `The binding type(s) '${type}' are not registered. Please ensure the type is correct and the binding extension is installed. host.json names no extension bundle. ${advice}`.trim(),
            );
        }
        const held = entry?.origin.find(({ id }) => id.toLowerCase() === bundle.id.toLowerCase());
        if (held === undefined || !reaches(bundle.range, held.since)) {
            const holders = entry?.origin
                .map(({ id, since }) => (since === undefined ? id : `${id} from ${since} on`))
                .join(", ");
            throw new Error(
                `The binding type(s) '${type}' were not found in the configured extension bundle. Please ensure the type is correct and the correct version of extension bundle is configured. ` +
                    `host.json names ${bundle.id} ${bundle.version}; ${holders === undefined ? "no bundle has it" : `it is in ${holders}`}.`,
            );
        }
    }
}
