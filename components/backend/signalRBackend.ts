import * as pulumi from "@pulumi/pulumi";
import { checkSignalRBackendArgs } from "../rules/signalRBackendArgs";
import type { SignalROptionsArgs, SignalRService, UpstreamSelectionArgs } from "../service/signalRService";
import { startChecks } from "../shared/checks";
import { serviceKinds } from "../shared/serviceKinds";
import type { BackendArgs } from "./args";
import type { BackendNodes } from "./compose";
import { composeSignalRBackend } from "./upstream";

/** One place that a backend's events go to; the first that selects an event gets it. */
export interface BackendUpstreamTemplateArgs extends UpstreamSelectionArgs {
    /** Absolute http or https URL. Defaults to the backend's own Function App. */
    urlTemplate?: pulumi.Input<string>;
}

/** What a {@link SignalRBackend} is made of. */
export interface SignalRBackendArgs extends BackendArgs, SignalROptionsArgs {
    /**
     * Azure Resource Manager id of the service's identity, which gets its role on the vault before the service is made. Defaults to
     * a new identity where a vault holds the key, and to the service's own elsewhere.
     */
    serviceUserAssignedIdentityId?: pulumi.Input<string>;
    /** Where events go, in order. Defaults to the backend's Function App, with every event of every hub. */
    upstreamTemplates?: pulumi.Input<pulumi.Input<BackendUpstreamTemplateArgs>[]>;
}

/**
 * A serverless SignalR backend: the service, a Function App with its code, and every key, role and setting between them.
 *
 * ```ts
 * const chat = new SignalRBackend("chat", { codePath: "../functions/signalr-chat" });
 * export const negotiateUrl = chat.negotiateUrl;
 * ```
 *
 * For pages of one origin only, with messages of one hub elsewhere:
 *
 * ```ts
 * new SignalRBackend("chat", {
 *     codePath: "../functions/signalr-chat",
 *     allowedOrigins: ["https://chat.example.com"],
 *     upstreamTemplates: [
 *         { hubPattern: "audit", categoryPattern: "messages", urlTemplate: "https://audit.example.com/{event}" },
 *         {},
 *     ],
 * });
 * ```
 *
 * The service itself holds the address of its events, with the key in it. So a service that exists already cannot be taken, since
 * somebody else writes its addresses, and `keySource` cannot be Discovered, whose key is there only when the app runs. For several
 * apps behind one service, compose SignalRService, FunctionApp, FunctionCode and HostKeys.
 */
export class SignalRBackend extends pulumi.ComponentResource {
    /** Where a client asks for its token: `<app>/api/negotiate`. */
    public readonly negotiateUrl!: pulumi.Output<string>;
    /** Address that clients connect to. */
    public readonly endpoint!: pulumi.Output<string>;
    /** Name of the Function App. */
    public readonly functionAppName!: pulumi.Output<string>;
    /** Host name of the Function App. */
    public readonly functionAppHostName!: pulumi.Output<string>;
    /** Name of the service. */
    public readonly serviceName!: pulumi.Output<string>;
    /** Azure Resource Manager id of the service. */
    public readonly serviceId!: pulumi.Output<string>;
    /** The resource group of the backend. */
    public readonly resourceGroupName!: pulumi.Output<string>;
    /** Principal of the Function App's identity. */
    public readonly principalId!: pulumi.Output<string>;
    /** Secret content of a local.settings.json that runs the same code on this machine against this service. */
    public readonly localSettings!: pulumi.Output<string>;

    constructor(name: string, args: SignalRBackendArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:SignalRBackend", name, {}, opts);
        const kind = serviceKinds.signalr;
        const checks = startChecks(`SignalRBackend "${name}"`);
        checkSignalRBackendArgs({ checks, args, kind });
        checks.refuse();

        const { nodes, outputs } = composeSignalRBackend({ name, args, kind, parent: this });
        backendNodes.set(this, nodes);
        Object.assign(this, outputs);
        this.registerOutputs(outputs);
    }

    /** The components inside, for what their own options and outputs allow. */
    get nodes(): BackendNodes<SignalRService> {
        return backendNodes.get(this) as BackendNodes<SignalRService>;
    }
}

// A private field would become an output of the component in every language.
const backendNodes = new WeakMap<SignalRBackend, BackendNodes<SignalRService>>();
