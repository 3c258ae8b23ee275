import type { Socket } from "node:net";
import type { Principal } from "../identity";

export interface FunctionAppIdentities {
    systemAssigned?: Principal;
    userAssigned?: Principal[];
}

/** Where the app's package lives, and which of the app's identities reads and writes it. */
export interface DeploymentStorage {
    /** URL of the blob container. */
    containerUrl: string;
    /** Defaults to the system-assigned identity. */
    principalId?: string;
}

export interface FunctionAppOptions {
    /** ARM id of the site. */
    id: string;
    name: string;
    /** Port wanted. Defaults to a free one; one that is taken is answered with a free one. */
    port?: number;
    identities: FunctionAppIdentities;
    /** Who reads Key Vault references in the settings. Defaults to the system-assigned identity. */
    keyVaultReferencePrincipalId?: string;
    /** Defaults to node; other runtimes are refused, because only Node apps run here. */
    runtime?: { name: string; version: string };
    deployment?: DeploymentStorage;
    /** Where host state lives: file keys, timer status. */
    folder: string;
    /** On this machine everything is http, so this changes nothing but is kept for `update`. */
    httpsOnly?: boolean;
    /** Runs this folder in place instead of a deployed package. */
    codeFolder?: string;
    /** How long a webhook whose function threw stays open before it is answered 500. Defaults to 100000. */
    unansweredMilliseconds?: number;
    /** How long the app's process may be deaf before it is replaced. Defaults to 60000. */
    deafMilliseconds?: number;
}

export type HostState = "Stopped" | "Starting" | "Running" | "Failed";

export interface HostStatus {
    state: HostState;
    /** Why, in plain words, when the state is `Failed`. */
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

/** One emulated Function App: its control plane as functions, the app itself over HTTP at `hostName`. */
export interface FunctionApp {
    id: string;
    name: string;
    /** `localhost:<port>`. */
    hostName: string;
    port: number;
    /** Changes what the site is; the host restarts when that matters to it. */
    update(options: Partial<FunctionAppOptions>): Promise<void>;
    /** Replaces all settings and restarts the host. Resolves when it runs or has failed: see `status`. */
    setAppSettings(settings: Record<string, string>): Promise<void>;
    /** One Deploy. Resolves when the new code serves; rejects with the reason, and then the code before it still serves. */
    deploy(options: { packageUri: string }): Promise<void>;
    /** Rejects while the host is not running, as the host runtime API does. */
    hostKeys(): Promise<HostKeys>;
    setHostKey(options: HostKeyAddress & { value: string }): Promise<void>;
    deleteHostKey(options: HostKeyAddress): Promise<void>;
    /** Names of the functions that are loaded. */
    functions(): string[];
    status(): HostStatus;
    /** Resolves when the host runs, rejects with the reason when it has failed. */
    ready(): Promise<void>;
    close(): Promise<void>;
}

/** Takes over a client connection that arrived on the app's port. */
export type ConnectionHandler = (socket: Socket) => void;
