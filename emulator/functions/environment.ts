import type { FunctionAppOptions } from "./options";

/** What the platform adds to an app's settings. */
export interface PlatformEnvironment {
    options: Pick<FunctionAppOptions, "id" | "name" | "runtime">;
    hostName: string;
    instanceId: string;
    homeFolder: string;
    /** Absent when the app has no identity. */
    identity?: { endpoint: string; header: string };
}

/** The whole environment of an app's process: its settings over what the platform gives, and nothing of this machine's. */
export function createEnvironment(options: {
    settings: Record<string, string>;
    platform: PlatformEnvironment;
}): Record<string, string> {
    const { platform } = options;
    const { name, runtime } = platform.options;
    return {
        FUNCTIONS_EXTENSION_VERSION: "~4",
        FUNCTIONS_WORKER_RUNTIME: runtime?.name ?? "node",
        AZURE_FUNCTIONS_ENVIRONMENT: "Production",
        WEBSITE_SITE_NAME: name,
        WEBSITE_HOSTNAME: platform.hostName,
        WEBSITE_INSTANCE_ID: platform.instanceId,
        WEBSITE_OWNER_NAME: ownerName(platform.options.id),
        HOME: platform.homeFolder,
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        // Azure's machines keep universal time, whatever this one does.
        TZ: "Etc/UTC",
        ...(platform.identity === undefined
            ? {}
            : { IDENTITY_ENDPOINT: platform.identity.endpoint, IDENTITY_HEADER: platform.identity.header }),
        ...options.settings,
    };
}

/** Subscription and resource group of an ARM id, as App Service joins them. */
function ownerName(id: string): string {
    const match = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)/i.exec(id);
    return match === null ? "" : `${match[1]}+${match[2]}`;
}
