import type { Socket } from "node:net";
import type { PlanSku } from "../../rules/plan";
import type { Principal } from "../identity";
import type { EasyAuthSettings } from "./easyAuth";
import type { ListenerTable } from "./listeners";

export interface FunctionAppIdentities {
    systemAssigned?: Principal;
    userAssigned?: Principal[];
}

/** Pages of other origins that may call an app, as in `siteConfig.cors` of a site. */
export interface CorsSettings {
    /** Origins, or `*` alone for all. */
    allowedOrigins: string[];
    /** Whether calls may carry cookies and credentials. Defaults to false. */
    supportCredentials?: boolean;
}

/** Location of the app's package, and the identity that reads and writes it. */
export interface DeploymentStorage {
    /** URL of the blob container. */
    containerUrl: string;
    /** Defaults to the system-assigned identity. */
    principalId?: string;
}

export type { PlanSku } from "../../rules/plan";

/** Properties of a One Deploy request. Which of them are allowed depends on the plan. */
export interface OneDeployBody {
    packageUri: string;
    [property: string]: unknown;
}

/** Which host runs an app: `auto` runs Node apps in this package's host and others in Core Tools; `func` runs all in Core Tools. */
export const functionsHosts = ["auto", "func"] as const;
export type FunctionsHost = (typeof functionsHosts)[number];

export interface FunctionAppOptions {
    /** ARM id of the site. */
    id: string;
    name: string;
    /** Port to listen on. Defaults to a free one, which is also the fallback when the port is taken. */
    port?: number;
    identities: FunctionAppIdentities;
    /** Principal that reads Key Vault references in the settings. Defaults to the system-assigned identity. */
    keyVaultReferencePrincipalId?: string;
    /** Kind of the app's plan. Defaults to `Dedicated`. */
    sku?: PlanSku;
    /** Whether the plan runs Linux. Without it, triggers count as on Linux, and the names of settings stay as they are. */
    isLinux?: boolean;
    /** Triggers whose listeners start on Flex Consumption. Defaults to the list of the newest known host, so that another host can be tried. */
    flexListeners?: Pick<ListenerTable, "triggers">;
    /** Defaults to what FUNCTIONS_WORKER_RUNTIME says, or else to node. Other runtimes need `func` in PATH. */
    runtime?: { name: string; version: string };
    /** Host that runs the app: `auto` leaves only other runtimes than node to `func`. Defaults to `auto`. */
    functionsHost?: FunctionsHost;
    deployment?: DeploymentStorage;
    /** Folder for the host's files: keys and timer status. */
    folder: string;
    /** Has no effect, because everything on this machine is http. */
    httpsOnly?: boolean;
    /** Pages of other origins that may call the app. Defaults to none. */
    cors?: CorsSettings;
    /** Tokens that callers bring, before the app gets a call. Defaults to none. */
    easyAuth?: EasyAuthSettings;
    /** Port of the debugger on this machine. A restart keeps it, and nothing times out. Defaults to no debugger. */
    inspectPort?: number;
    /** Runs this folder in place instead of a deployed package. */
    codeFolder?: string;
    /** Milliseconds before a webhook whose function threw is answered with 500. Defaults to 100000. */
    unansweredMilliseconds?: number;
    /** Milliseconds without an answer after which the app's process is replaced. Defaults to 60000. */
    deafMilliseconds?: number;
}

export type HostState = "Stopped" | "Starting" | "Running" | "Failed";

export interface HostStatus {
    state: HostState;
    /** The reason when the state is `Failed`. */
    reason?: string;
}

export type HostKeyKind = "systemKeys" | "functionKeys";

export interface HostKeyAddress {
    kind: HostKeyKind;
    name: string;
}

export interface HostKeys {
    masterKey: string;
    functionKeys: Record<string, string>;
    systemKeys: Record<string, string>;
}

/** A function that is loaded, and where it is reached. */
export interface FunctionAddress {
    name: string;
    /** Type of its trigger, as the app spells it. */
    trigger: string;
    disabled: boolean;
    /** Hub of a SignalR trigger. The service itself knows a hub only while it has clients. */
    hub?: string;
    /** Only an HTTP trigger has the rest: the path with its placeholders, the methods or all, and who may call. */
    path?: string;
    methods?: string[];
    authLevel?: string;
}

/** One emulated Function App: its control plane as functions, the app itself over HTTP at `hostName`. */
export interface FunctionApp {
    id: string;
    name: string;
    /** `localhost:<port>`. */
    hostName: string;
    port: number;
    /** Changes options of the site. Restarts the host when they affect it. */
    update(options: Partial<FunctionAppOptions>): Promise<void>;
    /** Replaces all settings and restarts the host. Resolves when the host runs or has failed: see `status`. Rejects settings that Azure refuses. */
    setAppSettings(settings: Record<string, string>): Promise<void>;
    /** Deploys a package, as One Deploy does, and refuses a body that does not fit the plan. Resolves when the new code serves. When it rejects, the old code still serves. */
    deploy(body: OneDeployBody): Promise<void>;
    /** Rejects while the host is not running, as the host runtime API does. */
    hostKeys(): Promise<HostKeys>;
    setHostKey(options: HostKeyAddress & { value: string }): Promise<void>;
    deleteHostKey(options: HostKeyAddress): Promise<void>;
    /** Keys of one function alone. Rejects while the host is not running. */
    functionKeys(name: string): Promise<Record<string, string>>;
    /** Names of the functions that are loaded. */
    functions(): string[];
    /** The functions that are loaded, with their routes. */
    addresses(): FunctionAddress[];
    /** File with what the app logs. */
    logFile: string;
    status(): HostStatus;
    /** Resolves when the host runs. Rejects with the reason when it has failed. */
    ready(): Promise<void>;
    /** As `ready`, but a host that has failed is first started again, as a request does on Azure. */
    wake(): Promise<void>;
    close(): Promise<void>;
}

/** Handles a client connection that arrived on the app's port. */
export type ConnectionHandler = (socket: Socket) => void;
