import { durationOf } from "./durations";
import type { Operation } from "./schedule";

/**
 * The order of the vendor's samples: a template with all resources but the hub, then the code is published with the
 * command-line tools, then the extension's key is read from the running app, then the hub is created with it. The
 * template gets the benefit of the doubt: everything in it that can run at the same time does.
 */
export function vendorOrder(service: string): Operation[] {
    const step = (name: string, type: string, after: readonly string[]): Operation => ({
        id: name,
        name,
        type,
        after,
        seconds: durationOf(type),
    });
    const web = "azure-native:web";
    const template = [
        step("group", "azure-native:resources:ResourceGroup", []),
        step("service", service, ["group"]),
        step("storage", "azure-native:storage:StorageAccount", ["group"]),
        step("deployments", "azure-native:storage:BlobContainer", ["storage"]),
        step("workspace", "azure-native:operationalinsights:Workspace", ["group"]),
        step("insights", "azure-native:applicationinsights:Component", ["workspace"]),
        step("plan", `${web}:AppServicePlan`, ["group"]),
        step("app", `${web}:WebApp`, ["plan", "deployments"]),
        step("app settings", `${web}:WebAppApplicationSettings`, ["app", "service", "insights"]),
        step("storage role", "azure-native:authorization:RoleAssignment", ["app", "storage"]),
        step("service role", "azure-native:authorization:RoleAssignment", ["app", "service"]),
    ];
    const whole = template.map(({ id }) => id);
    const publish = step("publish", "code published with the command-line tools", whole);
    const key = step("read key", "key read from the running app", [publish.id]);
    // SignalR has no hub resource: its upstream is a setting of the service, which is updated.
    const last = service.endsWith(":SignalR")
        ? step("upstream", "upstream set on the service", [key.id])
        : step("hub", "azure-native:webpubsub:WebPubSubHub", [key.id]);
    return [...template, publish, key, last];
}
