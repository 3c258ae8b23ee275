import { type ServiceName, serviceNames, services } from "../services";
import { howToGive, type StackJson, type StackResource } from "../stackJson";
import { at, isObject, textAt, UsageError } from "../words";

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
    /** All resources of the stack; undefined when only its outputs are known. */
    resources?: StackResource[];
}

export interface DeployedOptions {
    stack: StackJson;
    service?: ServiceName;
    webhookKey?: string;
    masterKey?: string;
    /** Defaults to the stack's output. */
    negotiateUrl?: string;
    /** Defaults to the stack's output. */
    endpoint?: string;
}

/** Combines the caller's options with the stack. Throws a `UsageError` that names a missing address. */
export function readDeployed(options: DeployedOptions): Deployed {
    const { outputs, resources } = options.stack;
    const address = (name: "negotiateUrl" | "endpoint"): string => {
        const value = options[name] ?? outputs[name];
        if (typeof value !== "string" || !URL.canParse(value)) {
            const given = value === undefined ? "missing" : `${JSON.stringify(value)}, which is not a URL`;
            throw new UsageError(
                `${name} is ${given}. Export the component's ${name} from the program, or pass --${name === "endpoint" ? name : "negotiate-url"}. ${howToGive}`,
            );
        }
        return value;
    };
    const settings = readSettings(outputs.localSettings);
    return {
        negotiateUrl: address("negotiateUrl"),
        endpoint: address("endpoint"),
        service: options.service ?? serviceOf(settings),
        principalId: textAt(outputs, "principalId"),
        webhookKey: options.webhookKey ?? passwordOf(resources, "-extension-key") ?? keyInUrl(resources),
        masterKey: options.masterKey ?? passwordOf(resources, "-master-key"),
        connection: connectionOf(settings),
        resources,
    };
}

function readSettings(text: unknown): Record<string, unknown> {
    if (typeof text !== "string" || !text.startsWith("{")) {
        return {};
    }
    const values = at(JSON.parse(text), "Values");
    return isObject(values) ? values : {};
}

function serviceOf(settings: Record<string, unknown>): ServiceName | undefined {
    return serviceNames.find((name) =>
        Object.keys(settings).some((key) => key.split("__")[0] === services[name].connectionName),
    );
}

function connectionOf(settings: Record<string, unknown>): Deployed["connection"] {
    const names = Object.keys(settings);
    if (names.some((key) => /__(endpoint|serviceUri)$/i.test(key))) {
        return "identity";
    }
    return names.some((key) => serviceNames.some((name) => services[name].connectionName === key))
        ? "accessKey"
        : undefined;
}

/** A key that the stack generated. */
function passwordOf(resources: StackResource[] | undefined, suffix: string): string | undefined {
    const found =
        resources?.filter(({ type, name }) => type.endsWith(":RandomPassword") && name.endsWith(suffix)) ?? [];
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
            return decodeURIComponent(code[1]);
        }
    }
    return undefined;
}
