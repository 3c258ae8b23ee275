import type { Authority } from "../core/tls/authority";
import type { FunctionAppOptions } from "./options";

/** What the platform contributes to an app's environment. */
export interface PlatformEnvironment {
    options: Pick<FunctionAppOptions, "id" | "name" | "runtime" | "isLinux" | "sku">;
    hostName: string;
    instanceId: string;
    homeFolder: string;
    /** Variables of this machine, for a host that needs them. They come before the platform's, and the app's settings before them. */
    machine?: Record<string, string>;
    /** The authority of this machine's https. Absent without https. */
    authority?: Pick<Authority, "certificateFile" | "bundleFile">;
    /** Absent when the app has no identity. */
    identity?: { endpoint: string; header: string };
}

/** Creates the environment of an app's process: the platform's variables and the app's settings, but none of this machine's. */
export function createEnvironment(options: {
    settings: Record<string, string>;
    platform: PlatformEnvironment;
    /** Operating system of this machine. Defaults to what Node says. */
    system?: NodeJS.Platform;
}): Record<string, string> {
    const { platform, system = process.platform } = options;
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
        // Windows needs more than PATH to start a process. Node adds it there, PATH included.
        ...(system === "win32" ? {} : { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" }),
        TZ: timeZoneOf({ settings: options.settings, ...platform.options }),
        ...(platform.identity === undefined
            ? {}
            : { IDENTITY_ENDPOINT: platform.identity.endpoint, IDENTITY_HEADER: platform.identity.header }),
        // Node adds to its roots. OpenSSL and Python's requests replace theirs, so they get the machine's roots as well.
        ...(platform.authority === undefined
            ? {}
            : {
                  NODE_EXTRA_CA_CERTS: platform.authority.certificateFile,
                  SSL_CERT_FILE: platform.authority.bundleFile,
                  REQUESTS_CA_BUNDLE: platform.authority.bundleFile,
              }),
        ...platform.machine,
        ...(platform.options.isLinux === true ? withoutPeriods(options.settings) : options.settings),
    };
}

/**
 * Azure's machines run in universal time, unless WEBSITE_TIME_ZONE names another zone. Windows has names of its own, which this machine
 * does not know. Sources: learn, azure-functions/functions-app-settings, and a measurement of each plan:
 * https://qiita.com/fukasawah/items/c2484b28b17c5fa20328
 */
function timeZoneOf(
    options: { settings: Record<string, string> } & Pick<FunctionAppOptions, "sku" | "isLinux">,
): string {
    const { settings, sku = "Dedicated", isLinux = true } = options;
    const obeys = isLinux && (sku === "ElasticPremium" || sku === "Dedicated");
    return (obeys && settings.WEBSITE_TIME_ZONE) || "Etc/UTC";
}

/** On Linux a period in a setting's name becomes an underscore. Source: learn, app-service/configure-common. */
function withoutPeriods(settings: Record<string, string>): Record<string, string> {
    return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name.replaceAll(".", "_"), value]));
}

/** Subscription and resource group of an ARM id, as App Service joins them. */
function ownerName(id: string): string {
    const match = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)/i.exec(id);
    return match === null ? "" : `${match[1]}+${match[2]}`;
}
