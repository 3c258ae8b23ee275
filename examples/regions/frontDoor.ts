import { AFDEndpoint, AFDOrigin, AFDOriginGroup, Profile, Route } from "@pulumi/azure-native/cdn";
import type * as pulumi from "@pulumi/pulumi";
import type { FunctionApp } from "azure-realtime";

/** A Front Door before the apps. Returns its host name. */
export function createFrontDoor(
    name: string,
    { resourceGroupName, apps }: { resourceGroupName: pulumi.Input<string>; apps: FunctionApp[] },
): pulumi.Output<string> {
    const profile = new Profile(name, {
        resourceGroupName,
        location: "Global",
        sku: { name: "Standard_AzureFrontDoor" },
        // The service waits at most this long for the answer to an event.
        originResponseTimeoutSeconds: 30,
    });
    const place = { resourceGroupName, profileName: profile.name };
    const endpoint = new AFDEndpoint(name, { ...place, location: "Global", enabledState: "Enabled" });
    const group = new AFDOriginGroup(name, {
        ...place,
        // Latency decides within 50 ms, so each caller gets the nearest app; one that fails its probes gets nobody.
        loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3, additionalLatencyInMilliseconds: 50 },
        healthProbeSettings: {
            probePath: "/",
            probeProtocol: "Https",
            probeRequestType: "HEAD",
            probeIntervalInSeconds: 60,
        },
    });
    const origins = apps.map(
        (app, index) =>
            new AFDOrigin(`${name}-${index + 1}`, {
                ...place,
                originGroupName: group.name,
                hostName: app.functionAppHostName,
                // App Service finds the app by the host of the request.
                originHostHeader: app.functionAppHostName,
                enabledState: "Enabled",
            }),
    );
    new Route(
        name,
        {
            ...place,
            endpointName: endpoint.name,
            originGroup: { id: group.id },
            patternsToMatch: ["/*"],
            supportedProtocols: ["Https"],
            httpsRedirect: "Disabled",
            forwardingProtocol: "HttpsOnly",
            linkToDefaultDomain: "Enabled",
        },
        { dependsOn: origins },
    );
    return endpoint.hostName;
}
