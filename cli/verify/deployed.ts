import type { ServiceName } from "../services";
import { howToGive, type StackResource } from "../stackJson";
import { at, isObject, textAt, UsageError } from "../words";
import { type BackendChoice, findBackend } from "./backend";
import { connectionOf, readSettings, serviceOf } from "./settings";

/** Facts about a deployed backend, from the command line and the stack. */
export interface Deployed {
    negotiateUrl: string;
    /** Address of the service. */
    endpoint: string;
    /** Undefined when neither the caller nor the stack names it. The negotiation then tells it. */
    service?: ServiceName;
    principalId?: string;
    /** Key of the extension's webhook. */
    webhookKey?: string;
    masterKey?: string;
    /** How the app reaches the service, from its local settings. */
    connection?: "identity" | "accessKey";
    /** Settings of the app that are known: those on Azure, or else the local settings. */
    settings?: Record<string, unknown>;
    /** Names of the hubs, from the outputs. */
    hubNames?: string[];
    /** Resources of the backend, or all of the stack; undefined when only its outputs are known. */
    resources?: StackResource[];
}

export interface DeployedOptions extends BackendChoice {
    service?: ServiceName;
    webhookKey?: string;
    masterKey?: string;
}

/** Combines the caller's options with the stack. Throws a `UsageError` that names a missing address. */
export function readDeployed(options: DeployedOptions): Deployed {
    const backend = findBackend(options);
    const { outputs, resources } = backend;
    const address = (name: "negotiateUrl" | "endpoint"): string => {
        const value = options[name] ?? outputs[name];
        if (typeof value !== "string" || !isHttpUrl(value)) {
            const given =
                value === undefined
                    ? "missing"
                    : `${JSON.stringify(value)}, which is not a URL that begins with http:// or https://`;
            throw new UsageError(
                `${name} is ${given}. Export the component's ${name} from the program, or pass --${name === "endpoint" ? name : "negotiate-url"}. ${howToGive}`,
            );
        }
        return value;
    };
    const settings = readSettings(outputs.localSettings);
    const names = outputs.hubNames;
    return {
        negotiateUrl: address("negotiateUrl"),
        endpoint: address("endpoint"),
        service: options.service ?? serviceOf(settings) ?? backend.service,
        principalId: textAt(outputs, "principalId"),
        webhookKey: options.webhookKey ?? passwordOf(resources, "-extension-key") ?? keyInUrl(resources),
        masterKey: options.masterKey ?? passwordOf(resources, "-master-key"),
        connection: connectionOf(settings),
        settings: { ...settings, ...deployedSettings(resources) },
        ...(Array.isArray(names) && { hubNames: names.filter((name) => typeof name === "string") }),
        resources,
    };
}

/** The settings of the backend's app, unless the export hides them. */
function deployedSettings(resources: StackResource[] | undefined): Record<string, unknown> {
    const found = resources?.filter(({ type }) => type.endsWith(":WebAppApplicationSettings")) ?? [];
    const properties = found.length === 1 ? at(found[0]?.outputs, "properties") : undefined;
    return isObject(properties) ? properties : {};
}

function isHttpUrl(text: string): boolean {
    return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** A key that the stack generated for the app. A staging slot has keys of its own. */
function passwordOf(resources: StackResource[] | undefined, suffix: string): string | undefined {
    const found =
        resources?.filter(
            ({ type, name }) =>
                type.endsWith(":RandomPassword") && name.endsWith(suffix) && !name.endsWith(`-staging-keys${suffix}`),
        ) ?? [];
    return found.length === 1 ? textAt(found[0]?.outputs, "result") : undefined;
}

/** A key that the extension generated, from the URL in the hub's event handler. */
function keyInUrl(resources: StackResource[] | undefined): string | undefined {
    const templates = resources?.flatMap(({ type, outputs }) =>
        type.endsWith(":WebPubSubHub") || type.endsWith(":SignalR")
            ? [at(outputs, "properties", "eventHandlers") ?? at(outputs, "upstream", "templates")].flat()
            : [],
    );
    for (const template of templates ?? []) {
        const url = textAt(template, "urlTemplate");
        const code = url === undefined ? null : /[?&]code=([^&{]+)$/.exec(url);
        if (code?.[1] !== undefined) {
            return decoded(code[1]);
        }
    }
    return undefined;
}

function decoded(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}
