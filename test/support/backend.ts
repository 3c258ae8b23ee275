import { SocketIOBackend, type SocketIOBackendArgs } from "../../components";
import { functionFolder } from "./functionFolder";
import { type ProgramRun, plain, runProgram } from "./pulumi";

export const codePath = functionFolder();
export const runBackend = (args: Partial<SocketIOBackendArgs> = {}, options: { preview?: boolean } = {}) =>
    runProgram(() => new SocketIOBackend("chat", { codePath, ...args }), options);
export const kinds = (made: ProgramRun<unknown>) =>
    made.resources.filter((one) => one.custom).map((one) => `${one.type.split(":")[2]} ${one.name}`);

export const roleType = "azure-native:authorization:RoleAssignment";
export const hubType = "azure-native:webpubsub:WebPubSubHub";
export const secretType = "azure-native:keyvault:Secret";
export const settingsType = "azure-native:web:WebAppApplicationSettings";
export const deploymentType = "azure-native:resources:Deployment";
export const settingsOf = (made: ProgramRun<unknown>) =>
    plain(made.find(settingsType), "properties") as Record<string, string>;
export const urlOf = (made: ProgramRun<unknown>) => plain(made.find(hubType), "properties.eventHandlers.0.urlTemplate");

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

/** What a variant has more and less than the default. */
export function difference(made: ProgramRun<unknown>): { more: string[]; less: string[] } {
    const found = kinds(made);
    return {
        more: found.filter((one) => !byDefault.includes(one)).sort(),
        less: byDefault.filter((one) => !found.includes(one)),
    };
}

export const ofVaultKeys = byDefault.filter((one) => / chat-keys/.test(one) || /vault-reader|key-store/.test(one));
export const withoutVaultKeys = ofVaultKeys.filter((one) => one !== "RandomPassword chat-keys-extension-key");
