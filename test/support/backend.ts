import {
    type HostingPlan,
    SignalRBackend,
    type SignalRBackendArgs,
    SocketIOBackend,
    type SocketIOBackendArgs,
    WebPubSubBackend,
} from "../../components";
import { azureResult } from "../../local/engine/azureAnswers";
import { functionFolder, smallestAppFor } from "./functionFolder";
import { type ProgramRun, type Properties, plain, type RunOptions, runProgram } from "./pulumi";

/** A folder with the least code for each backend. */
export const codePaths = {
    socketio: functionFolder(smallestAppFor("socketio")),
    webpubsub: functionFolder(smallestAppFor("webpubsub")),
    signalr: functionFolder(smallestAppFor("signalr")),
};

/** Every backend, each with code that fits it. */
export const backends = [
    { Backend: SocketIOBackend, extension: "socketio" },
    { Backend: WebPubSubBackend, extension: "webpubsub" },
    { Backend: SignalRBackend, extension: "signalr" },
] as const;

/** A backend whose service has hubs. The fields hold the differences between such backends. */
export interface HubBackend {
    component: "SocketIOBackend" | "WebPubSubBackend";
    serviceComponent: string;
    kind: string;
    /** Answer to the lookup of a usable existing service. */
    existing: Properties;
    extension: string;
    connection: string;
    /** App setting with the name of the hub. */
    hubSetting: string;
    /** Name of the setting with the service's address. */
    address: string;
    /** The plan that it defaults to, and what it makes on it. */
    plan: HostingPlan;
    byDefault: readonly string[];
    run(
        args?: Partial<SocketIOBackendArgs>,
        options?: RunOptions,
    ): Promise<ProgramRun<SocketIOBackend | WebPubSubBackend>>;
}

/** Answers a lookup of the service with a usable existing one. */
const withExisting =
    (existing: Properties): NonNullable<RunOptions["invoke"]> =>
    (token, inputs) =>
        token.endsWith("getWebPubSub")
            ? { ...azureResult({ token, inputs }), socketIO: undefined, ...existing }
            : undefined;

function hubBackend<B extends SocketIOBackend | WebPubSubBackend>(
    about: Omit<HubBackend, "run"> & { make: (args: Partial<SocketIOBackendArgs> | undefined) => B },
): HubBackend {
    const { make, ...backend } = about;
    const run: HubBackend["run"] = (args, options) =>
        runProgram(() => make(args), { invoke: withExisting(backend.existing), ...options });
    let byDefault: ReturnType<HubBackend["run"]> | undefined;
    return {
        ...backend,
        run(args, options) {
            if (args !== undefined || options !== undefined) {
                return run(args, options);
            }
            // Tests only read the created resources, so one run with the default arguments serves all of them.
            byDefault ??= run();
            return byDefault;
        },
    };
}

/** What every backend makes on every plan. */
const everywhere = [
    "AppServicePlan chat-app",
    "Blob chat-code-package",
    "BlobContainer chat-code-packages",
    "Component chat-app",
    "RandomPassword chat-keys-default-key",
    "RandomPassword chat-keys-extension-key",
    "RandomPassword chat-keys-master-key",
    "RandomString chat-app-suffix",
    "RandomString chat-code-suffix",
    "RandomString chat-keys-suffix",
    "RandomString chat-service-suffix",
    "RandomString chat-suffix",
    "ResourceGroup chat",
    "RoleAssignment chat-app-blob-owner",
    "RoleAssignment chat-app-key-store",
    "RoleAssignment chat-app-metrics-publisher",
    "RoleAssignment chat-app-queue-contributor",
    "RoleAssignment chat-app-service-owner",
    "RoleAssignment chat-app-table-contributor",
    "RoleAssignment chat-service-vault-reader",
    "Secret chat-keys-default",
    "Secret chat-keys-extension",
    "Secret chat-keys-master",
    "StorageAccount chat-app",
    "StorageAccount chat-code",
    "UserAssignedIdentity chat-app",
    "UserAssignedIdentity chat-service",
    "Vault chat-keys",
    "WebApp chat-app",
    "WebAppApplicationSettings chat-app-settings",
    "WebAppFtpAllowed chat-app-ftp",
    "WebAppScmAllowed chat-app-scm",
    "Workspace chat-app",
];

/** What an app has that fetches its code once, on Flex Consumption. */
export const ofFlex = ["BlobContainer chat-app-deployments", "Deployment chat-code"];
/** What an app has that runs from the URL of its package. */
export const ofUrl = ["RoleAssignment chat-app-package-reader"];
const ofHubs = ["WebPubSub chat-service", "WebPubSubHub chat-hub"];

export const socketIOByDefault = [...everywhere, ...ofUrl, ...ofHubs].sort();
export const webPubSubByDefault = [...everywhere, ...ofFlex, ...ofHubs].sort();

/** What a SignalR backend makes: no hub, and an identity of the service that is there before the service. */
export const signalRByDefault = [
    ...everywhere,
    ...ofFlex,
    "RandomString chat-service-identity-suffix",
    "SignalR chat-service",
].sort();

/** Both have the same parts, so both keep the same promises. */
export const hubBackends: HubBackend[] = [
    hubBackend({
        component: "SocketIOBackend",
        serviceComponent: "SocketIOService",
        kind: "SocketIO",
        existing: { kind: "SocketIO", socketIO: { serviceMode: "Serverless" } },
        extension: "socketio",
        connection: "WebPubSubForSocketIOConnectionString",
        hubSetting: "WebPubSubForSocketIOHub",
        address: "WebPubSubForSocketIOConnectionString__endpoint",
        plan: "Consumption",
        byDefault: socketIOByDefault,
        make: (args) => new SocketIOBackend("chat", { codePath: codePaths.socketio, ...args }),
    }),
    hubBackend({
        component: "WebPubSubBackend",
        serviceComponent: "WebPubSubService",
        kind: "WebPubSub",
        existing: { kind: "WebPubSub" },
        extension: "webpubsub",
        connection: "WebPubSubConnectionString",
        hubSetting: "WebPubSubHub",
        address: "WebPubSubConnectionString__serviceUri",
        plan: "FlexConsumption",
        byDefault: webPubSubByDefault,
        make: (args) => new WebPubSubBackend("chat", { codePath: codePaths.webpubsub, ...args }),
    }),
];

export const runSignalR = (args: Partial<SignalRBackendArgs> = {}, options: RunOptions = {}) =>
    runProgram(() => new SignalRBackend("chat", { codePath: codePaths.signalr, ...args }), options);

export const kinds = (made: ProgramRun<unknown>) =>
    made.resources.filter((one) => one.custom).map((one) => `${one.type.split(":")[2]} ${one.name}`);

export const roleType = "azure-native:authorization:RoleAssignment";
export const hubType = "azure-native:webpubsub:WebPubSubHub";
export const signalRType = "azure-native:signalrservice:SignalR";
export const secretType = "azure-native:keyvault:Secret";
export const settingsType = "azure-native:web:WebAppApplicationSettings";
export const deploymentType = "azure-native:resources:Deployment";
export const settingsOf = (made: ProgramRun<unknown>) =>
    plain(made.find(settingsType), "properties") as Record<string, string>;
export const urlOf = (made: ProgramRun<unknown>) => plain(made.find(hubType), "properties.eventHandlers.0.urlTemplate");

/** Id of a service that exists already, in the subscription that the answers are for. */
export const serviceIdIn = (group: string, name: string) =>
    `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/${group}/providers/Microsoft.SignalRService/webPubSub/${name}`;

/** What a variant has more and less than the default. */
export function difference(made: ProgramRun<unknown>, usual: readonly string[]): { more: string[]; less: string[] } {
    const found = kinds(made);
    return {
        more: found.filter((one) => !usual.includes(one)).sort(),
        less: usual.filter((one) => !found.includes(one)),
    };
}

export const ofVaultKeys = everywhere.filter((one) => / chat-keys/.test(one) || /vault-reader|key-store/.test(one));
export const withoutVaultKeys = ofVaultKeys.filter((one) => one !== "RandomPassword chat-keys-extension-key");
