import type { Host } from "../host";
import { hostVersion } from "../worker/coreModule";

/** Body of the answer to `/admin/host/status`. */
export function describeHost(host: Host): Record<string, unknown> {
    const { extensionBundleId, extensionBundleVersion } = host.hostJson;
    return {
        id: host.settings.get("WEBSITE_SITE_NAME")?.toLowerCase() ?? "localhost",
        state: "Running",
        version: hostVersion,
        instanceId: host.settings.get("WEBSITE_INSTANCE_ID") ?? "",
        processUptime: Math.round(process.uptime() * 1000),
        ...(extensionBundleId === undefined
            ? {}
            : { extensionBundle: { id: extensionBundleId, version: extensionBundleVersion } }),
        ...(host.errors.length === 0 ? {} : { errors: host.errors }),
    };
}
