import type { RoleAssignment } from "@pulumi/azure-native/authorization";
import type { PrivateDnsZoneGroup, PrivateEndpoint } from "@pulumi/azure-native/network";
import {
    type AppServicePlan,
    getAppServicePlanOutput,
    getWebApp,
    type WebApp,
    type WebAppApplicationSettings,
    type WebAppAuthSettingsV2,
} from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../shared/armId";
import { lateError } from "../shared/checks";
import { createIdentity, findIdentity, type Identity } from "../shared/identity";
import { createSuffix } from "../shared/names";
import { keepNodes, nodesOf } from "../shared/nodes";
import { afterEndpoint, type CreatedEndpoint } from "../shared/privateEndpoint";
import { adviseOnRoles, assignRole, defaultRoleDelaySeconds, Roles, rolesInForce } from "../shared/roles";
import { serviceKinds } from "../shared/serviceKinds";
import { orDefault } from "../shared/shape";
import { hostUrl } from "../shared/urls";
import { type AppRole, type CheckedFunctionAppArgs, type FunctionAppArgs, FunctionIdentity, HostingPlan } from "./args";
import { checkFunctionAppArgs } from "./check";
import { createEasyAuth } from "./easyAuth";
import { createPlan } from "./hosting";
import { createMonitoring, type Monitoring } from "./monitoring";
import { createAppEndpoints, createStorageEndpoints } from "./network";
import { createSettings } from "./settings";
import { completeSlot, createSlot, type StagingSlotNodes } from "./stagingSlot";
import { stagingSlotOf } from "./stagingSlotCheck";
import { type HostStorage, resolveHostStorage } from "./storage";
import { createWebApp, webAppName } from "./webApp";

/** Resources inside a FunctionApp. What was given by id is not among them. */
export interface FunctionAppNodes {
    app: WebApp;
    settings: WebAppApplicationSettings;
    roles: RoleAssignment[];
    /** Only there with eventAuth. */
    auth: WebAppAuthSettingsV2 | undefined;
    plan: AppServicePlan | undefined;
    identity: Identity["resource"];
    storageAccount: HostStorage["account"];
    deploymentContainer: HostStorage["deploymentContainer"];
    applicationInsights: Monitoring["applicationInsights"];
    workspace: Monitoring["workspace"];
    /** Ways to the host's storage and to the app. Not there without a network. */
    privateEndpoints?: PrivateEndpoint[];
    /** Records of the private endpoints. Not there where somebody else writes them. */
    privateDnsZoneGroups?: PrivateDnsZoneGroup[];
    /** Only there with stagingSlot. */
    staging?: StagingSlotNodes;
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
    /** Name of the slot, known once it has its settings. Only there with stagingSlot. */
    public readonly stagingSlotName?: pulumi.Output<string>;
    /** Host name of the slot, known as soon as the slot exists. Only there with stagingSlot. */
    public readonly stagingHostName?: pulumi.Output<string>;
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
    /** Azure Resource Manager id of the Log Analytics workspace behind the app's Application Insights. */
    public readonly workspaceId: pulumi.Output<string>;

    constructor(name: string, args: FunctionAppArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:FunctionApp", name, {}, opts);
        const checked = checkFunctionAppArgs(`FunctionApp "${name}"`, args);
        const parent = { parent: this };

        const suffix = createSuffix(name, parent);
        const placed = { ...checked, suffix, base: name };
        const identity = resolveIdentity(name, placed, parent);
        const storage = resolveHostStorage(name, placed, parent);
        const storageEndpoints = createStorageEndpoints(name, { args: checked, storage }, parent);
        const monitoring = createMonitoring(name, placed, parent);
        const plan = checked.planId === undefined ? createPlan(name, placed, whole(checked.plan, this)) : undefined;
        const planId = plan?.id ?? oneAppOn(checked.planId ?? "", placed, parent);
        const { forStart, forService } = listRoles(checked, { storage, monitoring });
        const granted = (roles: AppRole[], principalId: pulumi.Output<string>) =>
            checked.assignRoles === false ? [] : roles.map((role) => grant(name, role, principalId, parent));
        // A user-assigned identity has its roles before the app exists; a system-assigned one exists only with the app.
        const early = identity === undefined ? [] : granted(forStart, identity.principalId);
        const site = { args: checked, suffix, identity, storage, planId };
        const replaced = whole(`${checked.plan} ${checked.packageDelivery ?? ""}`, this);
        // A host that does not reach its storage does not start.
        const dependsOn = [...early, ...storageEndpoints.map(({ last }) => last)];
        const { app, policies } = createWebApp(name, site, { ...replaced, dependsOn });
        const principalId = identity?.principalId ?? app.identity.apply((own) => own?.principalId ?? "");
        const startRoles = identity === undefined ? granted(forStart, principalId) : early;
        const roles = [...startRoles, ...granted(forService, principalId)];
        if (checked.assignRoles === false && checked.userAssignedIdentityId === undefined) {
            const [component, argument] = [`FunctionApp "${name}"`, "userAssignedIdentityId"];
            adviseOnRoles({ component, argument, principalId, roles: [...forStart, ...forService] });
        }
        const inForce = rolesInForce(roles, orDefault(checked.roleDelaySeconds, defaultRoleDelaySeconds));
        const environment = { args: checked, app, identity, storage, monitoring, rolesInForce: inForce };
        const { stagingSlot, eventAuth } = checked;
        const created = stagingSlot && createSlot(name, { stagingSlot, site, environment, after: policies }, replaced);
        const before = created === undefined ? policies : [...policies, created.last];
        const auth =
            eventAuth &&
            createEasyAuth(name, { args: { ...checked, eventAuth }, app }, { ...parent, dependsOn: before });
        const live = { ...environment, args: { ...checked, packageUri: created?.packageUri ?? checked.packageUri } };
        const settings = createSettings(name, live, {
            ...parent,
            dependsOn: [...roles, ...before, ...(auth ? [auth] : [])],
        });
        const staging = created && completeSlot(name, { environment, after: [settings], created }, parent);

        const slotName = stagingSlot && stagingSlotOf(stagingSlot).name;
        const after = staging?.settings ?? settings;
        const appEndpoints = createAppEndpoints(name, { args: checked, app, after, slotName }, parent);
        const [endpoint, slotEndpoint] = appEndpoints;

        keepNodes<FunctionAppNodes>(this, {
            app,
            settings,
            roles,
            auth,
            plan,
            identity: identity?.resource,
            storageAccount: storage.account,
            deploymentContainer: storage.deploymentContainer,
            applicationInsights: monitoring.applicationInsights,
            workspace: monitoring.workspace,
            ...endpointNodes([...storageEndpoints, ...appEndpoints]),
            staging,
        });
        this.functionAppId = app.id;
        this.functionAppName = afterEndpoint(
            pulumi.all([app.name, settings.id]).apply(([known]) => known),
            endpoint,
        );
        this.functionAppHostName = app.defaultHostName;
        if (staging !== undefined) {
            this.stagingSlotName = afterEndpoint(
                staging.settings.id.apply(() => slotName ?? ""),
                slotEndpoint,
            );
            this.stagingHostName = staging.slot.defaultHostName;
        }
        this.url = app.defaultHostName.apply(hostUrl);
        this.principalId = principalId;
        this.identityClientId = identity?.clientId;
        this.planId = pulumi.output(planId);
        this.storageAccountId = storage.id;
        this.applicationInsightsId = monitoring.id;
        this.workspaceId = pulumi.output(monitoring.workspaceId);
        this.registerOutputs({
            functionAppId: this.functionAppId,
            functionAppName: this.functionAppName,
            functionAppHostName: this.functionAppHostName,
            stagingSlotName: this.stagingSlotName,
            stagingHostName: this.stagingHostName,
            url: this.url,
            principalId: this.principalId,
            identityClientId: this.identityClientId,
            planId: this.planId,
            storageAccountId: this.storageAccountId,
            applicationInsightsId: this.applicationInsightsId,
            workspaceId: this.workspaceId,
        });
    }

    /** The resources inside, for what their own options and outputs allow. */
    get nodes(): FunctionAppNodes {
        return nodesOf(this);
    }
}

function endpointNodes(ways: CreatedEndpoint[]): Pick<FunctionAppNodes, "privateEndpoints" | "privateDnsZoneGroups"> {
    const records = ways.flatMap((way) => way.records ?? []);
    return {
        ...(ways.length > 0 && { privateEndpoints: ways.map(({ endpoint }) => endpoint) }),
        ...(records.length > 0 && { privateDnsZoneGroups: records }),
    };
}

type Suffixed = CheckedFunctionAppArgs & { suffix: pulumi.Output<string>; base: string };

/** The app's user-assigned identity, given or new; undefined when the app has its own. */
function resolveIdentity(name: string, args: Suffixed, opts: pulumi.CustomResourceOptions): Identity | undefined {
    if (args.identityType === FunctionIdentity.SystemAssigned) {
        return undefined;
    }
    return args.userAssignedIdentityId === undefined
        ? createIdentity(name, { ...args, base: `${name}-identity` }, opts)
        : findIdentity("userAssignedIdentityId", args.userAssignedIdentityId, opts);
}

interface Surroundings {
    storage: HostStorage;
    monitoring: Monitoring;
}

/** Options of a resource that Azure cannot change in place from one kind of plan to another. */
function whole(kind: string, parent: pulumi.Resource): pulumi.CustomResourceOptions {
    // The name stays the same, so the old resource goes first.
    return { parent, replacementTrigger: kind, deleteBeforeReplace: true };
}

/** Azure runs one app on a Flex Consumption plan, so a given plan that has another app is refused. */
function oneAppOn(planId: pulumi.Input<string>, args: Suffixed, opts: pulumi.InvokeOptions): pulumi.Input<string> {
    if (args.plan !== HostingPlan.FlexConsumption) {
        return planId;
    }
    const { resourceGroupName, name } = placeOf("planId", planId, opts);
    const found = getAppServicePlanOutput({ resourceGroupName, name }, opts);
    const appName = webAppName(args.base, args);
    return pulumi
        .all([planId, found.numberOfSites, appName, args.resourceGroupName])
        .apply(async ([known, sites, ownName, group]) => {
            const own = async () => {
                const app = await getWebApp({ name: ownName, resourceGroupName: group }, opts).catch(() => undefined);
                return app?.serverFarmId?.toLowerCase() === known.toLowerCase();
            };
            if ((sites ?? 0) > 0 && !(await own())) {
                throw lateError(
                    `FunctionApp "${args.base}": planId: the plan has an app already, and a Flex Consumption plan takes one app. Give another plan, or leave planId out.`,
                );
            }
            return known;
        });
}

/**
 * Everything that the app's identity may do: what the host's first start and One Deploy need, and what only calls to the service need.
 * The app does not wait for the service, whose role is used later and whose upstream URL may need the app's host name.
 */
function listRoles(
    args: CheckedFunctionAppArgs,
    { storage, monitoring }: Surroundings,
): Record<"forStart" | "forService", AppRole[]> {
    const { keyStore, packageAccountId, connections, stagingSlot } = args;
    const forStart: AppRole[] = [
        { name: "blob-owner", role: Roles.storageBlobDataOwner, scope: storage.id },
        { name: "queue-contributor", role: Roles.storageQueueDataContributor, scope: storage.id },
        { name: "table-contributor", role: Roles.storageTableDataContributor, scope: storage.id },
        { name: "metrics-publisher", role: Roles.monitoringMetricsPublisher, scope: monitoring.id },
    ];
    if (keyStore !== undefined) {
        forStart.push({ name: "key-store", role: Roles.keyVaultSecretsOfficer, scope: keyStore.vaultId });
    }
    if (stagingSlot !== undefined) {
        const scope = stagingSlot.vaultId;
        forStart.push({ name: "staging-key-store", role: Roles.keyVaultSecretsOfficer, scope });
    }
    if (packageAccountId !== undefined) {
        forStart.push({ name: "package-reader", role: Roles.storageBlobDataReader, scope: packageAccountId });
    }
    forStart.push(...args.roles);
    const forService: AppRole[] = [];
    for (const [index, { vaultId, serviceId, service }] of connections.entries()) {
        const place = index === 0 ? "" : `-${index + 1}`;
        if (vaultId !== undefined) {
            forStart.push({ name: `vault-reader${place}`, role: Roles.keyVaultSecretsUser, scope: vaultId });
        } else {
            const { dataRole: role } = serviceKinds[service];
            forService.push({ name: `service-owner${place}`, role, scope: serviceId });
        }
    }
    return { forStart, forService };
}

function grant(
    name: string,
    { name: roleName, role, scope }: AppRole,
    principalId: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
): RoleAssignment {
    return assignRole(`${name}-${roleName}`, { role, scope, principalId }, opts);
}
