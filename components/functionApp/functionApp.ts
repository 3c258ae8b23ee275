import type { RoleAssignment } from "@pulumi/azure-native/authorization";
import type { AppServicePlan, WebApp, WebAppApplicationSettings } from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import { createIdentity, findIdentity, type Identity } from "../shared/identity";
import { createSuffix } from "../shared/names";
import { keepNodes, nodesOf } from "../shared/nodes";
import { assignRole, Roles } from "../shared/roles";
import { serviceKinds } from "../shared/serviceKinds";
import { hostUrl } from "../shared/urls";
import { type AppRole, type CheckedFunctionAppArgs, type FunctionAppArgs, FunctionIdentity } from "./args";
import { checkFunctionAppArgs } from "./check";
import { createPlan } from "./hosting";
import { createMonitoring, type Monitoring } from "./monitoring";
import { createSettings } from "./settings";
import { type HostStorage, resolveHostStorage } from "./storage";
import { createWebApp } from "./webApp";

/** Resources inside a FunctionApp. What was given by id is not among them. */
export interface FunctionAppNodes {
    app: WebApp;
    settings: WebAppApplicationSettings;
    roles: RoleAssignment[];
    plan: AppServicePlan | undefined;
    identity: Identity["resource"];
    storageAccount: HostStorage["account"];
    deploymentContainer: HostStorage["deploymentContainer"];
    applicationInsights: Monitoring["applicationInsights"];
    workspace: Monitoring["workspace"];
}

/**
 * A Function App without a key anywhere: its identity reaches its storage, its monitoring, its keys, the realtime services it
 * talks to, and what `roles` names.
 *
 * ```ts
 * const app = new FunctionApp("chat", { resourceGroupName: group.name });
 * ```
 *
 * For code that talks to a realtime service, with its keys in a vault:
 *
 * ```ts
 * new FunctionApp("chat", {
 *     resourceGroupName: group.name,
 *     connections: [{ service: "socketio", serviceId: service.serviceId, endpoint: service.endpoint }],
 *     keyStore: { vaultId: keys.vaultId, vaultUri: keys.vaultUri },
 * });
 * ```
 *
 * With an identity that exists already, a role for it and a setting:
 *
 * ```ts
 * new FunctionApp("chat", {
 *     resourceGroupName: group.name,
 *     identityType: "UserAssigned",
 *     userAssignedIdentityId: identity.id,
 *     roles: [{ name: "archive", role: Roles.storageBlobDataReader, scope: archive.id }],
 *     appSettings: { Greeting: "hello" },
 * });
 * ```
 */
export class FunctionApp extends pulumi.ComponentResource {
    /** Azure Resource Manager id of the app. */
    public readonly functionAppId: pulumi.Output<string>;
    /** Name of the app, known once the app has its roles and settings, so that what uses the name comes after them. */
    public readonly functionAppName: pulumi.Output<string>;
    /** Host name of the app, known as soon as the app exists. */
    public readonly functionAppHostName: pulumi.Output<string>;
    /** URL of the app, known as soon as the app exists. */
    public readonly url: pulumi.Output<string>;
    /** Principal id of the app's identity. */
    public readonly principalId: pulumi.Output<string>;
    /** Client id of the app's identity. Only there when the identity is user-assigned. */
    public readonly identityClientId?: pulumi.Output<string>;
    /** Azure Resource Manager id of the plan that the app runs on. */
    public readonly planId: pulumi.Output<string>;
    /** Azure Resource Manager id of the account that holds the host's state. */
    public readonly storageAccountId: pulumi.Output<string>;
    /** Azure Resource Manager id of the app's Application Insights. */
    public readonly applicationInsightsId: pulumi.Output<string>;

    constructor(name: string, args: FunctionAppArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:FunctionApp", name, {}, opts);
        const checked = checkFunctionAppArgs(`FunctionApp "${name}"`, args);
        const parent = { parent: this };

        const suffix = createSuffix(name, parent);
        const identity = resolveIdentity(name, { ...checked, suffix }, parent);
        const storage = resolveHostStorage(name, { ...checked, suffix }, parent);
        const monitoring = createMonitoring(name, { ...checked, suffix }, parent);
        const plan = checked.planId === undefined ? createPlan(name, { ...checked, suffix }, parent) : undefined;
        const planId = pulumi.output(plan?.id ?? checked.planId ?? "");
        const { early, late } = listRoles(checked, { identity, storage, monitoring });
        const before = early.map((role) => grant(name, role, identity?.principalId ?? "", parent));
        const site = { args: checked, suffix, identity, storage, planId };
        const app = createWebApp(name, site, { ...parent, dependsOn: before });
        const principalId = identity?.principalId ?? app.identity.apply((own) => own?.principalId ?? "");
        const roles = [...before, ...late.map((role) => grant(name, role, principalId, parent))];
        const environment = { args: checked, app, identity, storage, monitoring };
        const settings = createSettings(name, environment, { ...parent, dependsOn: roles });

        keepNodes<FunctionAppNodes>(this, {
            app,
            settings,
            roles,
            plan,
            identity: identity?.resource,
            storageAccount: storage.account,
            deploymentContainer: storage.deploymentContainer,
            applicationInsights: monitoring.applicationInsights,
            workspace: monitoring.workspace,
        });
        this.functionAppId = app.id;
        this.functionAppName = pulumi.all([app.name, settings.id]).apply(([known]) => known);
        this.functionAppHostName = app.defaultHostName;
        this.url = app.defaultHostName.apply(hostUrl);
        this.principalId = principalId;
        this.identityClientId = identity?.clientId;
        this.planId = planId;
        this.storageAccountId = storage.id;
        this.applicationInsightsId = monitoring.id;
        this.registerOutputs({
            functionAppId: this.functionAppId,
            functionAppName: this.functionAppName,
            functionAppHostName: this.functionAppHostName,
            url: this.url,
            principalId: this.principalId,
            identityClientId: this.identityClientId,
            planId: this.planId,
            storageAccountId: this.storageAccountId,
            applicationInsightsId: this.applicationInsightsId,
        });
    }

    /** The resources inside, for what their own options and outputs allow. */
    get nodes(): FunctionAppNodes {
        return nodesOf(this);
    }
}

type Suffixed = CheckedFunctionAppArgs & { suffix: pulumi.Output<string> };

/** The app's user-assigned identity, given or new; undefined when the app has its own. */
function resolveIdentity(name: string, args: Suffixed, opts: pulumi.CustomResourceOptions): Identity | undefined {
    if (args.identityType !== FunctionIdentity.UserAssigned) {
        return undefined;
    }
    return args.userAssignedIdentityId === undefined
        ? createIdentity(name, { ...args, base: `${name}-identity` }, opts)
        : findIdentity("userAssignedIdentityId", args.userAssignedIdentityId, opts);
}

interface Surroundings {
    identity: Identity | undefined;
    storage: HostStorage;
    monitoring: Monitoring;
}

/** Everything that the app's identity may do, before the app starts and after it. */
function listRoles(
    args: CheckedFunctionAppArgs,
    { identity, storage, monitoring }: Surroundings,
): Record<"early" | "late", AppRole[]> {
    const { keyStore, packageAccountId, connections } = args;
    const roles: AppRole[] = [
        { name: "blob-owner", role: Roles.storageBlobDataOwner, scope: storage.id },
        { name: "queue-contributor", role: Roles.storageQueueDataContributor, scope: storage.id },
        { name: "table-contributor", role: Roles.storageTableDataContributor, scope: storage.id },
        { name: "metrics-publisher", role: Roles.monitoringMetricsPublisher, scope: monitoring.id },
    ];
    if (keyStore !== undefined) {
        roles.push({ name: "key-store", role: Roles.keyVaultSecretsOfficer, scope: keyStore.vaultId });
    }
    if (packageAccountId !== undefined) {
        roles.push({ name: "package-reader", role: Roles.storageBlobDataReader, scope: packageAccountId });
    }
    roles.push(...args.roles);
    // A SignalR Service holds the app's host name in its upstream URL, so the service and the role on it come after the app.
    const late: AppRole[] = [];
    for (const [index, connection] of connections.entries()) {
        const { vaultId, serviceId: scope, service } = connection;
        const { dataRole: role, upstreamOn } = serviceKinds[service];
        const place = index === 0 ? "" : `-${index + 1}`;
        if (vaultId !== undefined) {
            roles.push({ name: `vault-reader${place}`, role: Roles.keyVaultSecretsUser, scope: vaultId });
        } else {
            (upstreamOn === "service" ? late : roles).push({ name: `service-owner${place}`, role, scope });
        }
    }
    // A system-assigned identity exists only after the app, so all of its roles are assigned after the app.
    return identity === undefined ? { early: [], late: [...roles, ...late] } : { early: roles, late };
}

function grant(
    name: string,
    { name: roleName, role, scope }: AppRole,
    principalId: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
): RoleAssignment {
    return assignRole(`${name}-${roleName}`, { role, scope, principalId }, opts);
}
