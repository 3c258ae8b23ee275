import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { type Binding, byFunctionName, checkSettingNames } from "../../rules/bindings";
import { bindingOf } from "../../rules/bindingTable";
import { type ExtensionBundle, reaches } from "../../rules/bundle";
import { messageOf } from "../../rules/errors";
import { describeUnsyncedExtensions, extensionLists } from "../../rules/extensionsJson";
import { findScript, readFunctionJson } from "../../rules/functionJson";
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
}

/**
 * Faults of the functions that are declared in function.json, in the host's words and in its order: Azure would put such a function in
 * error, or for a malformed route not start the app at all.
 */
export function functionFaults(question: FunctionsQuestion): string[] {
    const { codePath, listing } = question;
    const routes: NamedTrigger[] = [];
    const events = new Map<string, string>();
    const found = listing.files.flatMap((file) => {
        const name = functionJson.exec(file.path)?.[1];
        return name === undefined ? [] : [{ name, file }];
    });
    return found.sort(byFunctionName).flatMap(({ name, file }) => {
        try {
            checkFunction({ ...question, name, file, routes, events });
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
    const type = trigger.type.toLowerCase();
    if (type === "httptrigger") {
        const http = readHttpTrigger({ name, binding: trigger });
        checkConflict(http, routes);
        routes.push({ name, trigger: http });
        buildRouteTemplate({ name, route: http.route, prefix: routePrefix });
        return;
    }
    for (const value of bindings.flatMap((binding) => Object.values(binding))) {
        if (typeof value === "string") {
            checkSettingNames(value, () => true);
        }
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
    const { name, scriptFile, listing } = options;
    const paths = new Set(listing.files.map(({ path }) => path));
    const pathOf = (script: string) => posix.normalize(posix.join(name, script.replaceAll("\\", "/")));
    try {
        findScript({
            ...(scriptFile !== undefined && { scriptFile }),
            files: [...paths]
                .filter((path) => path.startsWith(`${name}/`) && path.indexOf("/", name.length + 1) < 0)
                .map((path) => path.slice(name.length + 1)),
            exists: (script) => paths.has(pathOf(script)),
        });
    } catch (error) {
        const isLeftOut = scriptFile !== undefined && listing.isLeftOut(pathOf(scriptFile));
        throw new Error(
            `${messageOf(error)}${isLeftOut ? " .funcignore leaves it out." : " Build the function app first."}`,
        );
    }
}

/** Throws in the host's words when an app has no extension for a binding. */
function checkTypes(options: FunctionsQuestion & { bindings: readonly Binding[] }): void {
    const { bundle, listing, bindings } = options;
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
        if (held === undefined || (held.since !== undefined && !reaches(bundle.range, held.since))) {
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
