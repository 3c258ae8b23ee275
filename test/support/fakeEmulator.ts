import { createHash, randomUUID } from "node:crypto";
import type { Emulator } from "../../emulator";
import type { RealtimeService, RealtimeServiceOptions } from "../../emulator/core/service/types";
import type { FunctionApp } from "../../emulator/functions";
import type { Principal, RoleAssignment } from "../../emulator/identity";
import type { SignalRServiceOptions } from "../../emulator/signalr";
import type { StorageAccount } from "../../emulator/storage";
import type { Vault } from "../../emulator/vault";

export interface FakeEmulator extends Emulator {
    /** The handlers' calls, one line each. */
    calls: string[];
    roles: Map<string, RoleAssignment>;
    principals: Map<string, Principal>;
    settings: Map<string, Record<string, string>>;
    /** Options of the newest SignalR Service, without those that every service has. */
    signalR?: Partial<SignalRServiceOptions>;
}

/** Records the handlers' calls without opening a port or a process. Every requested port is free, except `takenPorts`. */
export function createFakeEmulator(given: { takenPorts?: Set<number>; failDeploy?: string } = {}): FakeEmulator {
    const calls: string[] = [];
    const roles = new Map<string, RoleAssignment>();
    const principals = new Map<string, Principal>();
    const settings = new Map<string, Record<string, string>>();
    let nextPort = 40_001;
    const takePort = (wanted: number | undefined) =>
        wanted !== undefined && !given.takenPorts?.has(wanted) ? wanted : nextPort++;
    const unused = async () => {
        throw new Error("not part of the fake");
    };

    function openService(call: string, { id, name, port, accessKeys, principalId }: RealtimeServiceOptions) {
        const opened = takePort(port);
        calls.push(`${call} ${name}${principalId ? " with identity" : ""}`);
        const keys = accessKeys ?? { primaryKey: randomUUID(), secondaryKey: randomUUID() };
        const connection = (key: string) => `Endpoint=http://localhost:${opened};AccessKey=${key};Version=1.0;`;
        const service: RealtimeService = {
            id,
            name,
            hostName: `localhost:${opened}`,
            endpoint: `http://localhost:${opened}`,
            port: opened,
            keys: {
                ...keys,
                primaryConnectionString: connection(keys.primaryKey),
                secondaryConnectionString: connection(keys.secondaryKey),
            },
            update: () => void calls.push(`updateService ${name}`),
            setHub: (hub, properties) =>
                void calls.push(`setHub ${hub} ${properties.eventHandlers?.[0]?.urlTemplate ?? ""}`),
            removeHub: (hub) => void calls.push(`removeHub ${hub}`),
            connections: () => 0,
            close: async () => void calls.push(`closeService ${name}`),
        };
        return service;
    }

    const fake: FakeEmulator = {
        calls,
        roles,
        principals,
        settings,
        identity: {
            endpoint: "http://localhost:1/msi/token",
            issueUserToken: () => "",
            readToken: () => ({ oid: "", appid: "", name: "", all: {} }),
            addPrincipal: (principal) => void principals.set(principal.principalId, principal),
            removePrincipal: (id) => void principals.delete(id),
            assignRole: (role) => void roles.set(role.id, role),
            removeRole: (id) => void roles.delete(id),
            openIdentitySession: () => ({ header: "header", close() {} }),
            issueToken: unused,
            authorize: unused,
            requireRole() {},
            async close() {},
        },
        authority: unused,
        references: { resolve: ({ text }) => text },
        async openVault({ id, name, port }): Promise<Vault> {
            const secrets = new Map<string, { value: string; version: string }>();
            const opened = takePort(port);
            const uri = `http://localhost:${opened}/`;
            calls.push(`openVault ${name}`);
            return {
                id,
                name,
                uri,
                port: opened,
                setSecret(secret, value) {
                    // The same in every run, because the real vault stores versions in its folder.
                    const version = createHash("md5").update(value).digest("hex");
                    secrets.set(secret, { value, version });
                    calls.push(`setSecret ${secret}`);
                    return { id: `${uri}secrets/${secret}/${version}`, version };
                },
                deleteSecret: (secret) => void (secrets.delete(secret) && calls.push(`deleteSecret ${secret}`)),
                listSecretNames: () => [...secrets.keys()],
                close: async () => void calls.push(`closeVault ${name}`),
                remove: async () => void calls.push(`removeVault ${name}`),
            };
        },
        async openStorageAccount({ id, name, port, key }): Promise<StorageAccount> {
            const opened = takePort(port);
            calls.push(`openStorageAccount ${name}`);
            return {
                id,
                name,
                key: key ?? Buffer.from(name).toString("base64"),
                blobEndpoint: `http://localhost:${opened}/${name}/`,
                port: opened,
                createContainer: async (container) => void calls.push(`createContainer ${container}`),
                deleteContainer: async (container) => void calls.push(`deleteContainer ${container}`),
                putBlob: async (blob) => void calls.push(`putBlob ${blob.container}/${blob.name} ${blob.data}`),
                deleteBlob: async (blob) => void calls.push(`deleteBlob ${blob.container}/${blob.name}`),
                serviceSas: ({ container, blob, permissions }) => `sig=${container}-${blob}-${permissions}`,
                update: ({ allowSharedKeyAccess }) => void calls.push(`allowSharedKeyAccess ${allowSharedKeyAccess}`),
                close: async () => void calls.push(`closeStorageAccount ${name}`),
                remove: async () => void calls.push(`removeStorageAccount ${name}`),
            };
        },
        openSocketIOService: async (options) => openService("openService", options),
        openWebPubSubService: async (options) => openService("openWebPubSub", options),
        async openSignalRService(options) {
            const { serviceMode, upstream, cors, serverless } = options;
            fake.signalR = { serviceMode, upstream, cors, serverless };
            return openService("openSignalR", options);
        },
        async openFunctionApp({ id, name, port }): Promise<FunctionApp> {
            const opened = takePort(port);
            const keys = { masterKey: "master", functionKeys: {}, systemKeys: {} as Record<string, string> };
            calls.push(`openApp ${name}`);
            return {
                id,
                name,
                hostName: `localhost:${opened}`,
                port: opened,
                update: async () => void calls.push(`updateApp ${name}`),
                async setAppSettings(values) {
                    settings.set(name, values);
                    calls.push(`setAppSettings ${name}`);
                },
                async deploy({ packageUri }) {
                    calls.push(`deploy ${packageUri}`);
                    if (given.failDeploy) {
                        throw new Error(given.failDeploy);
                    }
                },
                hostKeys: async () => keys,
                async setHostKey({ kind, name: key, value }) {
                    keys[kind] = { ...keys[kind], [key]: value };
                    calls.push(`setHostKey ${kind} ${key}`);
                },
                async deleteHostKey() {},
                functions: () => [],
                addresses: () => [],
                functionKeys: async () => ({}),
                logFile: `/logs/${name}.log`,
                status: () => ({ state: "Running" }),
                async ready() {},
                async wake() {},
                close: async () => void calls.push(`closeApp ${name}`),
            };
        },
        warmUp() {},
        close: async () => void calls.push("close"),
    };
    return fake;
}
