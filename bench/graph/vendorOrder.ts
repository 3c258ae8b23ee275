import { durationOf } from "./durations";
import type { Operation } from "./schedule";

/**
 * The order of the vendor's samples. A template creates every resource except the hub, the command-line tools publish the
 * code, the extension's key is read from the running app, and the hub is created with that key. In the template, all
 * resources that can be created at the same time are.
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
    // SignalR has no hub resource. Its upstream is a setting, so the last step updates the service.
    const last = service.endsWith(":SignalR")
        ? step("upstream", "upstream set on the service", [key.id])
        : step("hub", "azure-native:webpubsub:WebPubSubHub", [key.id]);
    return [...template, publish, key, last];
}
