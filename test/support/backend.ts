import {
    SignalRBackend,
    type SignalRBackendArgs,
    SocketIOBackend,
    type SocketIOBackendArgs,
    WebPubSubBackend,
} from "../../components";
import { azureResult } from "../../local/engine/azureAnswers";
import { functionFolder } from "./functionFolder";
import { type ProgramRun, type Properties, plain, runProgram } from "./pulumi";

export const codePath = functionFolder();

interface RunOptions {
    preview?: boolean;
    /** Answers a lookup otherwise than usual. */
    invoke?: (token: string, inputs: Properties) => Properties | undefined;
}

/** A backend whose service has hubs, and what differs between such backends. */
export interface HubBackend {
    component: "SocketIOBackend" | "WebPubSubBackend";
    serviceComponent: string;
    kind: string;
    /** What a lookup says of a service that can be taken. */
    existing: Properties;
    extension: string;
    connection: string;
    /** The setting that holds the service's address. */
    address: string;
    run(
        args?: Partial<SocketIOBackendArgs>,
        options?: RunOptions,
    ): Promise<ProgramRun<SocketIOBackend | WebPubSubBackend>>;
}

/** Answers a lookup of the service with one that can be taken. */
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
            // Tests only look at what was made, so one run serves all that ask for the default.
            byDefault ??= run();
            return byDefault;
        },
    };
}

/** Both have the same parts, so both keep the same promises. */
export const hubBackends: HubBackend[] = [
    hubBackend({
        component: "SocketIOBackend",
        serviceComponent: "SocketIOService",
        kind: "SocketIO",
        existing: { kind: "SocketIO", socketIO: { serviceMode: "Serverless" } },
        extension: "socketio",
        connection: "WebPubSubForSocketIOConnectionString",
        address: "WebPubSubForSocketIOConnectionString__endpoint",
        make: (args) => new SocketIOBackend("chat", { codePath, ...args }),
    }),
    hubBackend({
        component: "WebPubSubBackend",
        serviceComponent: "WebPubSubService",
        kind: "WebPubSub",
        existing: { kind: "WebPubSub" },
        extension: "webpubsub",
        connection: "WebPubSubConnectionString",
        address: "WebPubSubConnectionString__serviceUri",
        make: (args) => new WebPubSubBackend("chat", { codePath, ...args }),
    }),
];

export const runSignalR = (args: Partial<SignalRBackendArgs> = {}, options: RunOptions = {}) =>
    runProgram(() => new SignalRBackend("chat", { codePath, ...args }), options);

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

/** What a backend with hubs makes. */
export const byDefault = [
    "AppServicePlan chat-app",
    "Blob chat-code-package",
    "BlobContainer chat-app-deployments",
    "BlobContainer chat-code-packages",
    "Component chat-app",
    "Deployment chat-code",
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
    "Vault chat-keys",
    "WebApp chat-app",
    "WebAppApplicationSettings chat-app-settings",
    "WebAppFtpAllowed chat-app-ftp",
    "WebAppScmAllowed chat-app-scm",
    "WebPubSub chat-service",
    "WebPubSubHub chat-hub",
    "Workspace chat-app",
];

const ofHubs = ["WebPubSub chat-service", "WebPubSubHub chat-hub"];

/** What a SignalR backend makes: no hub, and an identity that may read the vault before the service is there. */
export const signalRByDefault = [
    ...byDefault.filter((one) => !ofHubs.includes(one)),
    "RandomString chat-service-identity-suffix",
    "SignalR chat-service",
    "UserAssignedIdentity chat-service",
].sort();

/** What a variant has more and less than the default. */
export function difference(
    made: ProgramRun<unknown>,
    usual: readonly string[] = byDefault,
): { more: string[]; less: string[] } {
    const found = kinds(made);
    return {
        more: found.filter((one) => !usual.includes(one)).sort(),
        less: usual.filter((one) => !found.includes(one)),
    };
}

export const ofVaultKeys = byDefault.filter((one) => / chat-keys/.test(one) || /vault-reader|key-store/.test(one));
export const withoutVaultKeys = ofVaultKeys.filter((one) => one !== "RandomPassword chat-keys-extension-key");
